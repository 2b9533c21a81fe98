import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { eventually } from '@simplebank/testkit/eventually';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, now, openBench } from './bench.ts';
import { anOrder, completed, created, type Fill, filled } from './builders.ts';
import { stateOf } from './state.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  // Its queue stays empty: it is started for the retries of what came too early.
  await bench.app.worker.start();
});
afterAll(async () => {
  await bench.app.worker.close();
  await bench.close();
});

const runs = 20;
const settledMsMax = 15_000;

type Step = {
  readonly side: 'BUY' | 'SELL';
  readonly asset: number;
  /** Thousandths of a share, one number for each execution. */
  readonly parts: readonly number[];
  readonly unsold: number;
  readonly cents: number;
  readonly sameInstant: boolean;
};

const history: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      buy: fc.boolean(),
      asset: fc.nat({ max: 1 }),
      parts: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 3 }),
      unsold: fc.nat({ max: 2_000 }),
      cents: fc.nat({ max: 100_000 }),
      sameInstant: fc.boolean(),
    }),
    { minLength: 2, maxLength: 7 },
  )
  .map((steps) => {
    const held = [0, 0];
    return steps.flatMap(({ buy, asset, parts, ...rest }): Step[] => {
      const have = held[asset] ?? 0;
      const total = parts.reduce((all, part) => all + part, 0);
      const side = buy || total > have ? 'BUY' : 'SELL';
      const unsold = side === 'SELL' ? Math.min(rest.unsold, have - total) : 0;
      held[asset] = have + (side === 'BUY' ? total : -total);
      return [{ ...rest, side, asset, parts, unsold }];
    });
  });

const shares = (thousandths: number) => (thousandths / 1000).toFixed(3).replace(/\.?0+$/, '');

/** The events of a history for one account; execution ids are the same for every account. */
function eventsOf(steps: readonly Step[], accountId: string): Envelope[] {
  const assets = [randomUUID(), randomUUID()].sort();
  let minute = 0;
  return steps.flatMap(({ side, asset, parts, unsold, cents, sameInstant }, index) => {
    const order = anOrder({ accountId, assetId: assets[asset] ?? '', side });
    const total = parts.reduce((all, part) => all + part, unsold);
    const fills = parts.map((part, at): Fill => {
      if (!sameInstant || at === 0) minute += 1;
      return {
        quantity: shares(part),
        value: ((part * cents) / 100_000).toFixed(2),
        fee: (part % 7).toString(),
        nth: at + 1,
        at: new Date(now.getTime() + minute * 60_000),
        executionId: `x${index}-${at}`,
      };
    });
    return [
      created(order, shares(total)),
      ...fills.map((fill) => filled(order, fill)),
      completed(order, fills.length),
    ];
  });
}

const nothingWaits = () =>
  eventually(
    async () => {
      const { rows } = await bench.sql.query('SELECT type, state, error FROM parked_event');
      expect(rows).toEqual([]);
    },
    { withinMs: settledMsMax },
  );

test('events twice, shuffled, in any batches: the same positions, lots and gains', async () => {
  const shuffled = history.chain((steps) => {
    const events = steps.reduce((count, { parts }) => count + parts.length + 2, 0);
    return fc.record({
      steps: fc.constant(steps),
      ranks: fc.array(fc.integer(), { minLength: events * 2, maxLength: events * 2 }),
      batch: fc.integer({ min: 1, max: 12 }),
    });
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ steps, ranks, batch }) => {
      const calm = randomUUID();
      for (const event of eventsOf(steps, calm)) await bench.deliver(event);
      const wild = randomUUID();
      const events = eventsOf(steps, wild);
      const deliveries = [...events, ...events]
        .map((event, index) => ({ event, rank: ranks[index] ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      for (let at = 0; at < deliveries.length; at += batch) {
        await bench.deliver(...deliveries.slice(at, at + batch));
      }
      await nothingWaits();
      expect(await stateOf(bench.sql, wild)).toEqual(await stateOf(bench.sql, calm));
    }),
    { numRuns: runs, endOnFailure: true },
  );
}, 120_000);

test('positions equal what was bought less what was sold, and costs are conserved', async () => {
  const { rows } = await bench.sql.query(`
    SELECT count(*)::int AS histories,
           count(*) FILTER (WHERE position.quantity <> fills.quantity)::int AS quantities,
           count(*) FILTER (WHERE position.cost + taken.cost <> fills.cost)::int AS costs
    FROM position
    CROSS JOIN LATERAL (
      SELECT sum(CASE side WHEN 'BUY' THEN quantity ELSE -quantity END) AS quantity,
             coalesce(sum(value) FILTER (WHERE side = 'BUY'), 0) AS cost
      FROM execution WHERE account_id = position.account_id AND asset_id = position.asset_id
    ) AS fills
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(lot_match.cost), 0) AS cost FROM lot_match JOIN lot ON lot.id = lot_id
      WHERE lot.account_id = position.account_id AND lot.asset_id = position.asset_id
    ) AS taken`);
  expect(rows[0]).toMatchObject({ quantities: 0, costs: 0 });
  expect(rows[0].histories).toBeGreaterThan(runs);
});

import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { eventually } from '@simplebank/testkit/eventually';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fullStateOf, toldOf } from './actions-state.ts';
import { type Bench, openBench } from './bench.ts';
import { anOrder, completed, created, dividend, filled, split, toldAt } from './builders.ts';

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

const runs = 25;
const settledMsMax = 15_000;
const [monday, tuesday, wednesday, thursday] = [23, 24, 25, 26].map((day) => `2026-11-${day}`);
const splitDay = wednesday ?? '';

type Story = {
  readonly ratio: string;
  /** In sixths of a share times 1,000: every ratio keeps orders whole. */
  readonly bought: readonly number[];
  readonly late: number;
  readonly soldBefore: number;
  readonly soldAfter: number;
  readonly again: boolean;
};

const units = fc.integer({ min: 1, max: 9 });
const story: fc.Arbitrary<Story> = fc.record({
  ratio: fc.constantFrom('2/1', '4/1', '7/1', '1/2', '1/3', '3/2'),
  bought: fc.array(units, { minLength: 1, maxLength: 3 }),
  late: units,
  soldBefore: units,
  soldAfter: units,
  again: fc.boolean(),
});

/** Six shares, so that what is reserved is whole after every one of the ratios. */
const shares = (count: number) => String(count * 6);

/** Shares bought for certain, then everything that may come in any order, each in its time. */
function eventsOf(told: Story, accountId: string) {
  const assetId = randomUUID();
  const order = (side: 'BUY' | 'SELL') => anOrder({ accountId, assetId, side });
  let nth = 0;
  const fill = (of: ReturnType<typeof order>, day = '', quantity = '1') => {
    nth += 1;
    const at = new Date(`${day}T15:0${nth % 10}:00.000Z`);
    const terms = { value: `${nth * 7}.13`, fee: '0.29', nth: 1, at, executionId: `x${nth}` };
    return toldAt(filled(of, { ...terms, quantity }), at.toISOString());
  };
  const buy = (day: string | undefined, quantity: string) => fill(order('BUY'), day, quantity);
  const plenty = buy(monday, '600');
  const [open, done] = [order('SELL'), order('SELL')];
  const asked = shares(told.soldBefore + 12);
  const events: Envelope[] = [
    ...told.bought.map((count) => buy(monday, shares(count))),
    dividend(assetId, tuesday ?? '', '0.205'),
    toldAt(created(open, asked), `${monday}T15:30:00.000Z`),
    toldAt(created(done, shares(told.soldBefore)), `${monday}T15:31:00.000Z`),
    fill(open, tuesday, shares(told.soldBefore)),
    fill(done, tuesday, shares(told.soldBefore)),
    toldAt(completed(done, 1), `${tuesday}T16:00:00.000Z`),
    buy(tuesday, shares(told.late)),
    split(assetId, splitDay, told.ratio),
    { ...fill(open, wednesday, String(told.soldAfter)) },
    buy(thursday, '2.123456789'),
    dividend(assetId, thursday ?? '', '0.1'),
    ...(told.again ? [split(assetId, thursday ?? '', '3/2')] : []),
  ];
  return { plenty, events };
}

const wild = story.chain((told) => {
  const count = eventsOf(told, randomUUID()).events.length * 2;
  return fc.record({
    told: fc.constant(told),
    ranks: fc.array(fc.integer(), { minLength: count, maxLength: count }),
    batch: fc.integer({ min: 1, max: 8 }),
  });
});

/** What the open order has left: old shares sold before the split, new ones after it. */
function expectedRest({ ratio, soldAfter, again }: Story): string {
  const [n = 1, d = 1] = ratio.split('/').map(Number);
  const rest = (6 * 12 * n) / d - soldAfter;
  return String(again ? rest * 1.5 : rest);
}

const plain = (told: Awaited<ReturnType<typeof toldOf>>) =>
  told
    .map(({ type, payload }) => {
      const {
        actionId: _,
        accountId: __,
        assetId: ___,
        ...said
      } = payload as Record<string, unknown>;
      return JSON.stringify({ type, ...said });
    })
    .sort();

const nothingWaits = () =>
  eventually(
    async () => {
      const { rows } = await bench.sql.query('SELECT type, state, error FROM parked_event');
      expect(rows).toEqual([]);
    },
    { withinMs: settledMsMax },
  );

test('executions, orders, splits and dividends in any order, twice: the same end', async () => {
  await fc.assert(
    fc.asyncProperty(wild, async ({ told, ranks, batch }) => {
      const calm = randomUUID();
      const inOrder = eventsOf(told, calm);
      for (const event of [inOrder.plenty, ...inOrder.events]) await bench.deliver(event);
      const accountId = randomUUID();
      const { plenty, events } = eventsOf(told, accountId);
      const shuffled = [...events, ...events]
        .map((event, index) => ({ event, rank: ranks[index] ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      await bench.deliver(plenty);
      for (let at = 0; at < shuffled.length; at += batch) {
        await bench.deliver(...shuffled.slice(at, at + batch));
      }
      await nothingWaits();
      const end = await fullStateOf(bench.sql, accountId);
      expect(end).toEqual(await fullStateOf(bench.sql, calm));
      expect(end.positions[0]?.reserved).toBe(expectedRest(told));
      expect(plain(await toldOf(bench.sql, accountId))).toEqual(
        plain(await toldOf(bench.sql, calm)),
      );
    }),
    { numRuns: runs, endOnFailure: true },
  );
}, 180_000);

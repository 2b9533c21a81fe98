import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { eventually } from '@simplebank/testkit/eventually';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, balancesOf, deliver } from '../../subgraphs/accounts/test/builders.ts';
import { type Bank, startBank } from '../../subgraphs/accounts/test/support/bank.ts';
import { type Bench, openBench } from '../../subgraphs/holdings/test/bench.ts';
import { anOrder, completed, created, filled } from '../../subgraphs/holdings/test/builders.ts';

const runs = 12;
const deposited = 10_000;
const daySeconds = 86_400;
const appliedWithinMs = 15_000;

let accounts: Bank;
let holdings: Bench;
beforeAll(async () => {
  accounts = await startBank();
  holdings = await openBench();
  // Its queue stays empty: it is started for the retries of what came too early.
  await holdings.app.worker.start();
}, 60_000);
afterAll(async () => {
  await holdings?.app.worker.close();
  await holdings?.close();
  await accounts?.stop();
});

type Fill = { readonly shares: number; readonly dollars: number };
type Trades = { readonly bought: readonly (readonly Fill[])[]; readonly sold: Fill };

const fill = fc.record({
  shares: fc.integer({ min: 1, max: 9 }),
  dollars: fc.integer({ min: 1, max: 300 }),
});
const trades: fc.Arbitrary<Trades> = fc.record({
  bought: fc.array(fc.array(fill, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  // Never more than what the smallest purchase brings.
  sold: fc.record({ shares: fc.constant(1), dollars: fc.integer({ min: 1, max: 300 }) }),
});
const skews = fc.array(fc.integer({ min: -daySeconds, max: daySeconds }), {
  ...{ minLength: 5, maxLength: 5 },
});

const total = (fills: readonly Fill[], of: keyof Fill): number =>
  fills.reduce((sum, one) => sum + one[of], 0);

/** What orders tells of one order, whose hold is a little more than it costs. */
function eventsOf(
  of: { readonly accountId: string; readonly assetId: string },
  side: 'BUY' | 'SELL',
  fills: readonly Fill[],
): Envelope[] {
  const order = anOrder({ ...of, side });
  const begun = created(order, String(total(fills, 'shares')));
  const holdAmount = side === 'BUY' ? String(total(fills, 'dollars') + 5) : null;
  return [
    { ...begun, payload: { ...begun.payload, holdAmount } },
    ...fills.map(({ shares, dollars }, at) =>
      filled(order, { quantity: String(shares), value: String(dollars), nth: at + 1 }),
    ),
    completed(order, fills.length),
  ];
}

async function positionOf(accountId: string) {
  const { rows } = await holdings.sql.query(
    `SELECT trim_scale(quantity)::text AS quantity, trim_scale(reserved)::text AS reserved
     FROM position WHERE account_id = $1`,
    [accountId],
  );
  return rows;
}

/** Batches of any size to both who book, each of which hears them in an order of its own. */
async function tellBoth(events: readonly Envelope[], chance: () => number): Promise<void> {
  for (const take of [
    (batch: readonly Envelope[]) => deliver(accounts, ...batch),
    (batch: readonly Envelope[]) => holdings.deliver(...batch),
  ]) {
    const heap = shuffled([...events, ...events], chance);
    while (heap.length > 0) await take(heap.splice(0, 1 + Math.floor(chance() * 7)));
  }
}

test('balances and quantities are sums: no order, repeat or clock changes them', async () => {
  await fc.assert(
    fc.asyncProperty(trades, skews, fc.nat(), async ({ bought, sold }, wrong, seed) => {
      const account = await anAccount(accounts, String(deposited));
      const of = { accountId: account.id, assetId: randomUUID() };
      const told = [
        ...bought.flatMap((fills) => eventsOf(of, 'BUY', fills)),
        ...eventsOf(of, 'SELL', [sold]),
      ].map((event, nth) => {
        const stamped = Date.parse(event.occurredAt) + (wrong[nth % wrong.length] ?? 0) * 1_000;
        return { ...event, occurredAt: new Date(stamped).toISOString() };
      });
      await tellBoth(told, createChance(seed));

      const spent = total(bought.flat(), 'dollars') - sold.dollars;
      const posted = (deposited - spent).toFixed(2);
      expect(await balancesOf(accounts, account)).toMatchObject({ posted, held: '0.00' });
      const quantity = String(total(bought.flat(), 'shares') - sold.shares);
      await eventually(
        async () => expect(await positionOf(account.id)).toEqual([{ quantity, reserved: '0' }]),
        { withinMs: appliedWithinMs },
      );
    }),
    { numRuns: runs, endOnFailure: true },
  );
}, 120_000);

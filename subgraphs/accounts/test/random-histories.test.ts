import type { Envelope } from '@simplebank/contracts/event';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, anOrder, balancesOf, completed, created, deliver, filled } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
beforeAll(async () => {
  bank = await startBank();
  bank.clock.moveTo(afterSettlement);
  sql = await openSql(bank.databaseUrl);
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

const runs = 25;
/** Every execution of these histories settles on 2026-11-23. */
const afterSettlement = '2026-11-24T12:00:00.000Z';

const cents = (min: number, max: number) =>
  fc.integer({ min, max }).map((value) => (value / 100).toFixed(2));
const fill = fc.record({ value: cents(1, 5_000), commission: cents(0, 50) });
const story = fc.record({
  side: fc.constantFrom('BUY', 'SELL'),
  fills: fc.array(fill, { maxLength: 3 }),
  spare: cents(1, 500),
});
type Story = {
  readonly side: 'BUY' | 'SELL';
  readonly fills: readonly { value: string; commission: string }[];
  readonly spare: string;
};

const inCents = (text: string) => Math.round(Number(text) * 100);

/** The events of one order, whose hold covers its fills and a little more. */
function eventsOf(accountId: string, { side, fills, spare }: Story): Envelope[] {
  const order = anOrder(accountId, side);
  const costs = fills.map(({ value, commission }) => inCents(value) + inCents(commission));
  const hold = costs.reduce((sum, cost) => sum + cost, inCents(spare)) / 100;
  return [
    created(order, hold.toFixed(2)),
    ...fills.map((one) => filled(order, one)),
    completed(order, fills.length),
  ];
}

/** Sums that must be zero, whatever has happened. */
const laws = `
  SELECT
    (SELECT coalesce(sum(amount), 0) FROM entry)::text AS "all entries",
    (SELECT count(*) FROM (SELECT FROM entry GROUP BY transaction_id, currency
       HAVING sum(amount) <> 0 OR count(*) < 2) AS uneven)::text AS "uneven transactions",
    (SELECT count(*) FROM ledger_account l WHERE account_id IS NOT NULL AND posted <> (
       SELECT coalesce(sum(amount), 0) FROM entry e WHERE e.ledger_account_id = l.id))::text
       AS "posted is not the sum of entries",
    (SELECT count(*) FROM ledger_account l WHERE kind = 'cash' AND held <> (
       SELECT coalesce(sum(h.amount - (SELECT coalesce(sum(c.amount), 0) FROM hold_capture c
         WHERE c.hold_id = h.id)), 0)
       FROM hold h WHERE h.ledger_account_id = l.id
         AND NOT EXISTS (SELECT FROM hold_resolution r WHERE r.hold_id = h.id)))::text
       AS "held is not the sum of open holds",
    (SELECT count(*) FROM ledger_account l WHERE kind = 'cash' AND unsettled <> (
       SELECT coalesce(sum(net), 0) FROM settlement_item s
       WHERE s.ledger_account_id = l.id AND settled_at IS NULL))::text
       AS "unsettled is not the sum of open sales",
    (SELECT count(*) FROM ledger_account WHERE kind = 'cash' AND posted - held < 0)::text
       AS "negative cash",
    (SELECT count(*) FROM hold h JOIN hold_resolution r ON r.hold_id = h.id WHERE h.amount <>
       r.amount + (SELECT coalesce(sum(c.amount), 0) FROM hold_capture c
         WHERE c.hold_id = h.id))::text AS "released and captured is not held"`;

const allZero = {
  'all entries': '0',
  'uneven transactions': '0',
  'posted is not the sum of entries': '0',
  'held is not the sum of open holds': '0',
  'unsettled is not the sum of open sales': '0',
  'negative cash': '0',
  'released and captured is not held': '0',
};

async function expectLaws(): Promise<void> {
  const [row] = await sql(laws);
  const sums = Object.entries(row ?? {}).map(([name, value]) => [name, String(Number(value))]);
  expect(Object.fromEntries(sums)).toEqual(allZero);
}

test('shuffled and doubled, in batches of any size, orders end in the same money', async () => {
  const history = fc
    .array(story as fc.Arbitrary<Story>, { minLength: 1, maxLength: 5 })
    .chain((stories) => {
      const count = stories.reduce((sum, { fills }) => sum + fills.length + 2, 0);
      const order = fc.shuffledSubarray(
        [...Array(count * 2).keys()].map((index) => index % count),
        { minLength: count * 2 },
      );
      return fc.record({
        stories: fc.constant(stories),
        order,
        size: fc.integer({ min: 1, max: 9 }),
      });
    });

  await fc.assert(
    fc.asyncProperty(history, async ({ stories, order, size }) => {
      const account = await anAccount(bank, '10000');
      const events = stories.flatMap((one) => eventsOf(account.id, one));
      const mixed = order.flatMap((index) => events[index] ?? []);
      for (let start = 0; start < mixed.length; start += size) {
        await deliver(bank, ...mixed.slice(start, start + size));
      }
      await expectLaws();

      const moved = stories.flatMap(({ side, fills }) =>
        fills.map(({ value, commission }) =>
          side === 'BUY'
            ? -inCents(value) - inCents(commission)
            : inCents(value) - inCents(commission),
        ),
      );
      const cash = 1_000_000 + moved.reduce((sum, one) => sum + one, 0);
      const { status, held, posted } = await balancesOf(bank, account);
      expect({ status, held, cash: inCents(String(posted)) }).toEqual({
        status: 'ACTIVE',
        held: '0.00',
        cash,
      });
      await bank.runJob('settle-due');
      await expectLaws();
      expect(await balancesOf(bank, account)).toMatchObject({ unsettled: '0.00', posted });
      const { bookingException, parkedEvent, waitingExecution } = bank.deps.db;
      const left = [bookingException.count(), parkedEvent.count(), waitingExecution.count()];
      expect(await Promise.all(left)).toEqual([0, 0, 0]);
    }),
    { numRuns: runs },
  );
}, 120_000);

import type { Envelope } from '@simplebank/contracts/event';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, anOrder, balancesOf, completed, created, deliver, filled } from './builders.ts';
import { brokenLaws, endMonths } from './ledger-builders.ts';
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

const expectLaws = async () => expect(await brokenLaws(sql)).toEqual([]);

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

/** What can happen to one account, any part of it late, too dear or on the last day of a month. */
const act = fc.record({
  kind: fc.constantFrom('SALE', 'BUY', 'LATE_BUY', 'CANCELED_BUY', 'SETTLE', 'NEXT_MONTH'),
  value: cents(1, 20_000),
  commission: cents(0, 300),
});

test('laws 1, 2, 3, 8 and 9 hold after every step, with debt, months and settlement', async () => {
  const history = fc.array(act, { minLength: 3, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(history, async (acts) => {
      const account = await anAccount(bank);
      for (const { kind, value, commission } of acts) {
        const order = anOrder(account.id, kind === 'SALE' ? 'SELL' : 'BUY');
        if (kind === 'SALE') await deliver(bank, filled(order, { value, commission }));
        if (kind === 'BUY') {
          await deliver(bank, created(order, value), filled(order, { value }));
          await deliver(bank, completed(order, 1));
        }
        if (kind === 'CANCELED_BUY')
          await deliver(bank, created(order, value), completed(order, 0));
        if (kind === 'LATE_BUY') {
          await deliver(bank, created(order, '0.01'), completed(order, 0, 4));
          await deliver(bank, filled(order, { value, commission, late: true }));
        }
        if (kind === 'SETTLE') await bank.runJob('settle-due');
        if (kind === 'NEXT_MONTH') {
          bank.clock.advance(31 * 86_400_000);
          await endMonths(bank, account.id);
        }
        await expectLaws();
      }
    }),
    { numRuns: runs },
  );
  expect(await bank.deps.db.parkedEvent.count()).toBe(0);
}, 180_000);

import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, anOrder, balancesOf, created, deliver, filled } from './builders.ts';
import { brokenLaws } from './ledger-builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

/**
 * Sales of October and November 2027 with the day on which they settle, from the published lists
 * and not from our calendar: 11 October is Columbus Day and 11 November Veterans Day, on both of
 * which the exchange trades and the banks do not; clocks go back on 7 November.
 */
const sales = [
  ['2027-10-07', '2027-10-08', '1.01'],
  ['2027-10-08', '2027-10-12', '2.02'],
  ['2027-10-11', '2027-10-12', '4.04'],
  ['2027-10-15', '2027-10-18', '8.08'],
  ['2027-11-05', '2027-11-08', '16.16'],
  ['2027-11-10', '2027-11-12', '32.32'],
  ['2027-11-11', '2027-11-12', '64.64'],
  ['2027-11-12', '2027-11-15', '128.28'],
] as const;

const dayMs = 86_400_000;
const cents = (text: unknown) => Math.round(Number(text) * 100);

test('unsettled is the sum of the open sales on every date, and 0 after the last', async () => {
  const account = await anAccount(bank);
  const last = Date.parse('2027-11-16T00:00:00.000Z');
  for (let at = Date.parse('2027-10-07T00:00:00.000Z'); at <= last; at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10);
    // Half past midnight and late in the evening in New York, in summer and in winter time.
    for (const time of [at + 5.5 * 3_600_000, at + 27.5 * 3_600_000]) {
      bank.clock.moveTo(new Date(time).toISOString());
      await bank.runJob('settle-due');
      const open = sales.filter(([trade, due]) => trade < day && due > day);
      const expected = open.reduce((sum, [, , value]) => sum + cents(value), 0);
      const { unsettled, posted, withdrawable } = await balancesOf(bank, account);
      expect([day, cents(unsettled)]).toEqual([day, expected]);
      expect(cents(withdrawable)).toBe(cents(posted) - expected);
    }
    for (const [trade, settlementDate, value] of sales) {
      if (trade !== day) continue;
      await deliver(bank, filled(anOrder(account.id, 'SELL'), { value, settlementDate }));
    }
    expect(await brokenLaws(sql)).toEqual([]);
  }
  expect(await balancesOf(bank, account)).toMatchObject({ unsettled: '0.00', posted: '256.55' });
  const told = await bank.published('accounts.funds-settled.v1');
  const mine = told.filter(
    ({ payload }) => (payload as { accountId: string }).accountId === account.id,
  );
  expect(mine).toHaveLength(sales.length);
}, 120_000);

test('a buy settles between clearing and bank, and leaves cash as it is', async () => {
  const account = await anAccount(bank, '100');
  const order = anOrder(account.id);
  await deliver(bank, created(order, '50'));
  await deliver(bank, filled(order, { value: '40', settlementDate: '2027-11-15' }));
  const before = await balancesOf(bank, account);
  await bank.runJob('settle-due');
  expect(await balancesOf(bank, account)).toEqual(before);
  const [row] = await sql(
    `SELECT string_agg(l.kind || ' ' || e.amount::numeric(20,2), ', ' ORDER BY l.kind) AS entries
     FROM transaction t JOIN entry e ON e.transaction_id = t.id
     JOIN ledger_account l ON l.id = e.ledger_account_id
     WHERE t.kind = 'SETTLEMENT' AND t.order_id = '${order.orderId}'`,
  );
  expect(row).toEqual({ entries: 'bank 40.00, clearing -40.00' });
});

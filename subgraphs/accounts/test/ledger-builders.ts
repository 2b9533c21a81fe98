import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { MonthClosedV1 } from '@simplebank/contracts/holdings';
import { anOrder, deliver, filled, type TestAccount } from './builders.ts';
import type { Bank } from './support/bank.ts';
import type { Sql } from './support/sql.ts';

/** Cash from a sale that is booked as any other; it settles on the date given. */
export const earn = (
  bank: Bank,
  { id }: Pick<TestAccount, 'id'>,
  { value, settlementDate = '2026-11-23' }: { value: string; settlementDate?: string },
): Promise<void> => deliver(bank, filled(anOrder(id, 'SELL'), { value, settlementDate }));

/** Sums that must be zero, whatever has happened (domain §13, laws 1, 2, 3, 8, 9). */
const sums = `
  SELECT
    (SELECT coalesce(sum(amount), 0) FROM entry)::text AS "all entries",
    (SELECT count(*) FROM (SELECT FROM entry GROUP BY transaction_id, currency
       HAVING sum(amount) <> 0 OR count(*) < 2) AS uneven)::text AS "uneven transactions",
    (SELECT count(*) FROM ledger_account l WHERE account_id IS NOT NULL AND posted <> (
       SELECT coalesce(sum(amount), 0) FROM entry e WHERE e.ledger_account_id = l.id))::text
       AS "posted is not the sum of entries",
    (SELECT count(*) FROM ledger_account l WHERE kind = 'cash' AND posted <> (
       SELECT coalesce(sum(amount), 0) FROM activity a WHERE a.account_id = l.account_id))::text
       AS "posted is not the sum of activities",
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
    (SELECT count(*) FROM ledger_account c JOIN ledger_account d USING (account_id)
     WHERE c.kind = 'cash' AND d.kind = 'debt' AND d.posted < 0 AND c.posted > c.held)::text
       AS "owed while money is available",
    (SELECT count(*) FROM hold h JOIN hold_resolution r ON r.hold_id = h.id WHERE h.amount <>
       r.amount + (SELECT coalesce(sum(c.amount), 0) FROM hold_capture c
         WHERE c.hold_id = h.id))::text AS "released and captured is not held",
    (SELECT count(*) FROM "statement" s JOIN "statement" b ON b.account_id = s.account_id
       AND s.month = to_char(to_date(b.month, 'YYYY-MM') + interval '1 month', 'YYYY-MM')
     WHERE s.opening <> b.closing)::text AS "a statement opens with another closing"`;

/** The broken laws, by name; empty when all hold. */
export async function brokenLaws(sql: Sql): Promise<string[]> {
  const [row = {}] = await sql(sums);
  return Object.entries(row).flatMap(([name, value]) => (Number(value) === 0 ? [] : [name]));
}

type MonthAsked = { readonly accountId: string; readonly month: string };
type Said = Pick<MonthClosedV1, 'positions' | 'realizedGain'>;

const nothingHeld: Said = { positions: [], realizedGain: '0' };

/** What holdings answers when a month has ended. */
export const monthClosed = (asked: MonthAsked, said = nothingHeld): Envelope<MonthClosedV1> => ({
  eventId: randomUUID(),
  type: MonthClosedV1.name,
  aggregateId: `${asked.accountId}:${asked.month}`,
  aggregateVersion: 1,
  occurredAt: '2026-12-01T06:00:00.000Z',
  correlationId: 'test',
  causationId: null,
  traceparent: null,
  payload: { ...asked, ...said },
});

/** The months for which this account has been asked so far, oldest first. */
export async function monthsAsked(bank: Bank, accountId: string): Promise<MonthAsked[]> {
  const asked = await bank.published('accounts.month-ended.v1');
  return asked
    .map(({ payload }) => payload as MonthAsked)
    .filter((one) => one.accountId === accountId)
    .toSorted((a, b) => (a.month < b.month ? -1 : 1));
}

/** Ends the months that are over by the clock, holdings included. */
export async function endMonths(bank: Bank, accountId: string, said?: Said): Promise<void> {
  await bank.runJob('ask-for-months');
  const asked = await monthsAsked(bank, accountId);
  await deliver(bank, ...asked.map((month) => monthClosed(month, said)));
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type PaymentStatus,
  paymentKinds,
  paymentStatuses,
} from '../src/payments/domain/payment.ts';
import { transitionOf, triggers } from '../src/payments/domain/transitions.ts';
import { anAccount } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
let accountId: string;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
  accountId = (await anAccount(bank)).id;
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

/** Domain §2.4 by hand, with the expiry of §2.6 and the late booking by staff. */
const table = `
  DEPOSIT CREATED SEND SUBMITTED NONE
  DEPOSIT CREATED CANCEL CANCELED NONE
  DEPOSIT SUBMITTED CONFIRM COMPLETED CREDIT
  DEPOSIT SUBMITTED REFUSE FAILED NONE
  DEPOSIT SUBMITTED EXPIRE FAILED NONE
  DEPOSIT COMPLETED RETURN RETURNED TAKE
  DEPOSIT FAILED BOOK_LATE COMPLETED CREDIT
  WITHDRAWAL CREATED SEND SUBMITTED NONE
  WITHDRAWAL CREATED CANCEL CANCELED RELEASE
  WITHDRAWAL SUBMITTED CONFIRM COMPLETED CAPTURE
  WITHDRAWAL SUBMITTED REFUSE FAILED RELEASE
  WITHDRAWAL SUBMITTED EXPIRE FAILED RELEASE
  WITHDRAWAL COMPLETED RETURN RETURNED CREDIT
  WITHDRAWAL FAILED BOOK_LATE COMPLETED TAKE`;
const rows = table.trim().split(/\n\s*/);

const everything = paymentKinds.flatMap((kind) =>
  paymentStatuses.flatMap((status) => triggers.map((trigger) => ({ kind, status, trigger }))),
);

test('of every kind, state and trigger, exactly those of the table lead anywhere', () => {
  expect(everything).toHaveLength(2 * 6 * 7);
  const found = everything.flatMap(({ kind, status, trigger }) => {
    const transition = transitionOf({ kind, status }, trigger);
    return transition ? [`${kind} ${status} ${trigger} ${transition.to} ${transition.effect}`] : [];
  });
  expect(found.toSorted()).toEqual(rows.toSorted());
});

const id = '00000000-0000-4000-8000-00000000cafe';
const at = "'2026-11-20T15:00:00Z'";
/** What a row must say in each state. */
const columns: Readonly<Record<PaymentStatus, string>> = {
  CREATED: 'ended_at = NULL, failure_reason = NULL',
  SUBMITTED: `submitted_at = ${at}, ended_at = NULL, failure_reason = NULL`,
  COMPLETED: `ended_at = ${at}, failure_reason = NULL, returned_at = NULL, return_reason = NULL`,
  FAILED: `ended_at = ${at}, failure_reason = 'X', returned_at = NULL, return_reason = NULL`,
  CANCELED: `ended_at = ${at}, failure_reason = NULL, returned_at = NULL, return_reason = NULL`,
  RETURNED: `ended_at = ${at}, failure_reason = NULL, returned_at = ${at}, return_reason = 'X'`,
};
const ways: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  CREATED: [],
  SUBMITTED: ['SUBMITTED'],
  COMPLETED: ['SUBMITTED', 'COMPLETED'],
  FAILED: ['SUBMITTED', 'FAILED'],
  CANCELED: ['CANCELED'],
  RETURNED: ['SUBMITTED', 'COMPLETED', 'RETURNED'],
};
const insert = (kind: string, status = 'CREATED') => `
  INSERT INTO payment (id, account_id, kind, status, amount, currency, created_by_id, version,
                       created_at)
  VALUES ('${id}', '${accountId}', '${kind}', '${status}', 10, 'USD', '${accountId}', 1, ${at});`;
const move = (to: PaymentStatus) =>
  `UPDATE payment SET status = '${to}', ${columns[to]} WHERE id = '${id}';`;

describe('the database, asked around the application,', () => {
  test.each(paymentKinds)('lets a %s go the ways of the table and no other', async (kind) => {
    const allowed = paymentStatuses.flatMap((from) =>
      triggers.flatMap((trigger) => {
        const transition = transitionOf({ kind, status: from }, trigger);
        return transition ? [`${from} ${transition.to}`] : [];
      }),
    );
    const went: string[] = [];
    for (const from of paymentStatuses) {
      for (const to of paymentStatuses.filter((status) => status !== from)) {
        const steps = `${insert(kind)} ${ways[from].map(move).join(' ')}`;
        await sql(`BEGIN; ${steps} ROLLBACK;`);
        const outcome = await sql(`BEGIN; ${steps} ${move(to)} ROLLBACK;`).then(
          () => 'went',
          (error: Error) => error.message,
        );
        if (outcome === 'went') went.push(`${from} ${to}`);
        else expect(outcome).toBe(`payment ${id} does not go from ${from} to ${to}`);
      }
    }
    expect(went.toSorted()).toEqual([...new Set(allowed)].toSorted());
  });

  test.each([
    ['begin in any other state', () => insert('DEPOSIT', 'COMPLETED'), 'begins CREATED'],
    ['become another', () => `${insert('DEPOSIT')} UPDATE payment SET amount = 11;`, 'another'],
    ['go away', () => 'DELETE FROM payment;', 'append-only'],
    ['be emptied', () => 'TRUNCATE payment;', 'append-only'],
    [
      'fail without a reason',
      () => `${insert('DEPOSIT')} ${move('SUBMITTED')}
             UPDATE payment SET status = 'FAILED', ended_at = ${at};`,
      'payment_failed',
    ],
  ])('lets no payment %s', async (_, statements, message) => {
    await expect(sql(`BEGIN; ${statements()} ROLLBACK;`)).rejects.toThrow(message);
  });

  test('lets a notice end once, and never change what it says', async () => {
    const notice = `INSERT INTO payment_notice (id, provider, notice_id, payment_id, kind, at,
        received_at, state, due_at)
      VALUES ('${id}', 'p', 'n', 'x', 'CONFIRMED', ${at}, ${at}, 'RECEIVED', ${at});`;
    const end = (state: string) =>
      `UPDATE payment_notice SET state = '${state}', due_at = NULL,
         ended_at = ${state === 'PARKED' ? 'NULL' : at};`;
    const tried = (statements: string) => sql(`BEGIN; ${notice} ${statements} ROLLBACK;`);
    await tried(`${end('PARKED')} ${end('BOOKED')}`);
    await tried(end('APPLIED'));
    await expect(tried(`${end('APPLIED')} ${end('PARKED')}`)).rejects.toThrow('does not go from');
    await expect(tried(end('BOOKED'))).rejects.toThrow('does not go from');
    await expect(tried(`UPDATE payment_notice SET kind = 'REFUSED';`)).rejects.toThrow('another');
    await expect(tried('DELETE FROM payment_notice;')).rejects.toThrow('append-only');
    await expect(tried(notice.replace(id, id.replace('cafe', 'beef')))).rejects.toThrow('unique');
  });
});

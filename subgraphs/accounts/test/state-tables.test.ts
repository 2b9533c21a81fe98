import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, move as moveAccount } from '../src/accounts/domain/account.ts';
import {
  type AccountStatus,
  accountStatuses,
  targetsOf,
  transitions,
  triggers,
} from '../src/accounts/domain/transitions.ts';
import {
  move,
  notStarted,
  verificationEvents,
  verificationStatuses,
  transitions as verificationTransitions,
} from '../src/verification/domain/verification.ts';
import { aCustomer, anAccount } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
let accountId: string;
let customerId: string;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
  accountId = (await anAccount(bank)).id;
  customerId = (await aCustomer(bank)).id;
  await sql(`INSERT INTO verification VALUES ('${customerId}', 'PENDING', '{}',
    'PROFILE_SUBMITTED', gen_random_uuid(), now())`);
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

const before = (status: string) => (status === 'FROZEN' ? "'ACTIVE'" : 'NULL');
const limit = (status: string) => (status === 'LIMITED' ? "'STAFF'" : 'NULL');

/** Tries one change by SQL and takes it back; only the trigger under test judges it. */
async function databaseAllows(from: string, by: string, to: string): Promise<boolean> {
  const place = (status: string, memory: string) =>
    `UPDATE account SET status = '${status}', status_before_freeze = ${memory},
       limited_for = ${limit(memory === "'LIMITED'" ? 'LIMITED' : status)},
       changed_by = '${by}' WHERE id = '${accountId}'`;
  const trigger = 'TRIGGER account_status_legal';
  await sql(`BEGIN; ALTER TABLE account DISABLE ${trigger}; ${place(from, before(from))};
    ALTER TABLE account ENABLE ${trigger}`);
  try {
    await sql(place(to, to === 'FROZEN' ? `'${from}'` : 'NULL'));
    return true;
  } catch {
    return false;
  } finally {
    await sql('ROLLBACK');
  }
}

/** The same by the code: an account in this state, moved by this trigger. */
function codeAllows(from: AccountStatus, by: (typeof triggers)[number], to: AccountStatus) {
  const statusBeforeFreeze = from === 'FROZEN' ? ('ACTIVE' as const) : null;
  const limitedFor = from === 'LIMITED' ? ('STAFF' as const) : null;
  const account = { status: from, statusBeforeFreeze, limitedFor, version: 1 } as Account;
  return moveAccount(account, by)?.status === to;
}

describe('states of an account', () => {
  test('the database has the rows of the table in the domain, and no other', async () => {
    const rows = await sql(
      'SELECT from_status AS from, trigger, to_status AS to FROM account_transition',
    );
    const text = (list: readonly object[]) => list.map((row) => JSON.stringify(row)).toSorted();
    expect(text(rows)).toEqual(text(transitions));
  });

  test.each(accountStatuses)(
    'from %s, code and database allow the same of every trigger and state',
    async (from) => {
      for (const by of triggers) {
        for (const to of accountStatuses.filter((status) => status !== from)) {
          const allowed = await databaseAllows(from, by, to);
          expect([by, to, allowed]).toEqual([by, to, codeAllows(from, by, to)]);
        }
      }
    },
    60_000,
  );

  test('final states lead nowhere, and every state is reached', () => {
    const leaving = (from: AccountStatus) => triggers.flatMap((by) => targetsOf(from, by));
    expect([leaving('CLOSED'), leaving('REJECTED')]).toEqual([[], []]);
    expect(new Set(transitions.map(({ to }) => to))).toEqual(new Set(accountStatuses));
  });

  test('an account begins ONBOARDING, and a frozen one returns where it was', async () => {
    const copy = `INSERT INTO account (id, name, currency, status, version, created_at)
      SELECT gen_random_uuid(), name, currency, 'ACTIVE', 1, now() FROM account LIMIT 1`;
    await expect(sql(copy)).rejects.toThrow('no transition from NONE by OPEN to ACTIVE');
    const freeze = (memory: string) => `UPDATE account SET status = 'FROZEN',
      status_before_freeze = '${memory}', limited_for = ${limit(memory)}, changed_by = 'FREEZE'
      WHERE id = '${accountId}'`;
    await expect(sql(freeze('LIMITED'))).rejects.toThrow('remembers LIMITED');
  });

  test('what has happened to an account cannot be rewritten', async () => {
    for (const table of ['account_status_change', 'account_transition']) {
      await expect(sql(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
    }
  });
});

describe('states of a verification', () => {
  test('the database has the rows of the table in the domain, and no other', async () => {
    const rows = await sql(
      'SELECT from_status AS from, event, to_status AS to FROM verification_transition',
    );
    const text = (list: readonly object[]) => list.map((row) => JSON.stringify(row)).toSorted();
    expect(text(rows)).toEqual(text(verificationTransitions));
  });

  test.each(verificationStatuses)(
    'from %s, code and database allow the same of every event and state',
    async (status) => {
      for (const event of verificationEvents) {
        const known = { ...notStarted(customerId), status };
        for (const to of verificationStatuses.filter((other) => other !== status)) {
          const byCode = move(known, event)?.verification.status === to;
          expect([event, to, await verificationAllows(status, event, to)]).toEqual([
            event,
            to,
            byCode,
          ]);
        }
      }
    },
    60_000,
  );
});

async function verificationAllows(from: string, by: string, to: string): Promise<boolean> {
  const place = (status: string) => `UPDATE verification SET status = '${status}',
    changed_by = '${by}' WHERE customer_id = '${customerId}'`;
  const trigger = 'TRIGGER verification_status_legal';
  await sql(`BEGIN; ALTER TABLE verification DISABLE ${trigger}; ${place(from)};
    ALTER TABLE verification ENABLE ${trigger}`);
  try {
    await sql(place(to));
    return true;
  } catch {
    return false;
  } finally {
    await sql('ROLLBACK');
  }
}

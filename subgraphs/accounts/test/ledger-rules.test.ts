import { randomUUID } from 'node:crypto';
import { eventually } from '@simplebank/testkit/eventually';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anAccount, anOrder, balancesOf, created, deliver, filled } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

/** These go around the application: whoever has the database open cannot break its rules either. */
let bank: Bank;
let sql: Sql;
let account: { id: string; viewer: Parameters<Bank['as']>[0] };
let cash: string;
let bankId: string;
let holdId: string;
let transactionId: string;
const order = () => anOrder(account.id);

beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
  const cleared = await sql("SELECT id FROM ledger_account WHERE kind = 'bank'");
  bankId = String(cleared[0]?.['id']);
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

beforeEach(async () => {
  account = await anAccount(bank, '100');
  const bought = order();
  await deliver(bank, created(bought, '50'), filled(bought, { value: '20' }));
  const rows = await sql(
    `SELECT l.id AS cash, h.id AS hold, c.transaction_id FROM ledger_account l
     JOIN hold h ON h.ledger_account_id = l.id JOIN hold_capture c ON c.hold_id = h.id
     WHERE l.account_id = '${account.id}'`,
  );
  cash = String(rows[0]?.['cash']);
  holdId = String(rows[0]?.['hold']);
  transactionId = String(rows[0]?.['transaction_id']);
});

const header = (id: string) =>
  `INSERT INTO transaction (id, kind, reference, at)
   VALUES ('${id}', 'CORRECTION', '${randomUUID()}', now())`;
const entry = (transaction: string, ledgerAccount: string, amount: string) =>
  `INSERT INTO entry (transaction_id, ledger_account_id, amount, currency)
   VALUES ('${transaction}', ${ledgerAccount}, ${amount}, 'USD')`;
const together = (...statements: string[]) => `BEGIN; ${statements.join(';\n')}; COMMIT`;
const refused = (statement: string, why: RegExp) => expect(sql(statement)).rejects.toThrow(why);

describe('rule 1: what has happened is never rewritten', () => {
  const tables = [
    ...['transaction', 'entry', 'hold', 'hold_capture', 'hold_resolution', 'audit', 'activity'],
    ...['booking_exception', 'exception_resolution', 'house_checkpoint', 'statement'],
    ...['statement_request', 'closed_month'],
  ];

  test.each(tables)('%s refuses UPDATE, DELETE and TRUNCATE', async (table) => {
    const [row] = await sql(
      `SELECT column_name FROM information_schema.columns WHERE table_name = '${table}' LIMIT 1`,
    );
    const column = String(row?.['column_name']);
    await refused(`UPDATE "${table}" SET ${column} = ${column}`, /append-only/);
    await refused(`DELETE FROM "${table}"`, /append-only/);
    await refused(`TRUNCATE "${table}" CASCADE`, /append-only/);
  });
});

test('rule 1: the service role is not even granted it', async () => {
  const rows = await sql(
    `SELECT table_name AS name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS grants
     FROM information_schema.role_table_grants WHERE grantee = 'accounts'
       AND table_name = ANY('{transaction,entry,hold,hold_capture,hold_resolution,audit,activity,
         booking_exception,exception_resolution,house_checkpoint,statement,statement_request,
         closed_month}')
     GROUP BY 1 ORDER BY 1`,
  );
  const names = [
    ...['activity', 'audit', 'booking_exception', 'closed_month', 'entry', 'exception_resolution'],
    ...['hold', 'hold_capture', 'hold_resolution', 'house_checkpoint', 'statement'],
    ...['statement_request', 'transaction'],
  ];
  expect(rows).toEqual(names.map((name) => ({ name, grants: 'INSERT SELECT' })));
});

describe('rule 2: entries of a transaction sum to zero, and there are at least two', () => {
  test('a balanced transaction is accepted, and moves the balance', async () => {
    const id = randomUUID();
    await sql(together(header(id), entry(id, cash, '5'), entry(id, bankId, '-5')));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '85.00' });
  });

  test('a header alone, a single entry and an unbalanced pair are refused', async () => {
    const id = randomUUID();
    await refused(together(header(id)), /does not balance/);
    await refused(together(header(id), entry(id, cash, '5')), /does not balance/);
    const uneven = [header(id), entry(id, cash, '5'), entry(id, bankId, '-4')];
    await refused(together(...uneven), /does not balance/);
  });

  test('an unbalanced entry cannot be added to an old transaction', async () => {
    await refused(entry(transactionId, cash, '5'), /takes no more entries|does not balance/);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '80.00' });
  });

  test('not even a balanced pair can be added to an old transaction', async () => {
    const pair = [entry(transactionId, cash, '5'), entry(transactionId, bankId, '-5')];
    await refused(together(...pair), /takes no more entries/);
    const both = pair[0]?.replace(/\)$/, `), ('${transactionId}', ${bankId}, -5, 'USD')`) ?? '';
    await refused(both, /takes no more entries/);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '80.00' });
  });

  test('a check that was made early does not let an unbalanced entry in after it', async () => {
    const id = randomUUID();
    const checked = [header(id), entry(id, cash, '5'), entry(id, bankId, '-5')];
    const early = 'SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED';
    await refused(together(...checked, early, entry(id, cash, '1')), /does not balance/);
  });
});

describe("rule 3: cash covers its holds, and debt is never in the customer's favour", () => {
  test('a hold above what is available is refused', async () => {
    await refused(holdOf('50.01'), /cash_covers_holds/);
  });

  test('a payment out of held money is refused', async () => {
    const id = randomUUID();
    const spend = [header(id), entry(id, cash, '-50.01'), entry(id, bankId, '50.01')];
    await refused(together(...spend), /cash_covers_holds/);
  });

  test('a debt cannot become positive', async () => {
    const [debt] = await sql(
      `SELECT id FROM ledger_account WHERE account_id = '${account.id}' AND kind = 'debt'`,
    );
    const id = randomUUID();
    const gift = [header(id), entry(id, String(debt?.['id']), '1'), entry(id, bankId, '-1')];
    await refused(together(...gift), /debt_not_positive/);
  });

  test('no statement sets a balance', async () => {
    for (const column of ['posted', 'held', 'unsettled']) {
      const set = `UPDATE ledger_account SET ${column} = ${column} + 1 WHERE id = ${cash}`;
      await refused(set, /moves by facts only/);
    }
    const rich = `INSERT INTO ledger_account (kind, account_id, currency, posted, held, unsettled)
      VALUES ('cash', '${account.id}', 'USD', 1000, 0, 0)`;
    await refused(rich, /begins empty/);
    await refused(`DELETE FROM ledger_account WHERE id = ${cash}`, /append-only/);
  });
});

const holdOf = (amount: string, id = randomUUID()) =>
  `INSERT INTO hold (id, ledger_account_id, purpose, reference, amount, currency, created_at)
   VALUES ('${id}', ${cash}, 'ORDER', '${randomUUID()}', ${amount}, 'USD', now())`;
const capture = (execution: string, amount: string) =>
  `INSERT INTO hold_capture (hold_id, execution, amount, transaction_id, at)
   VALUES ('${holdId}', '${execution}', ${amount}, '${transactionId}', now())`;
const resolution = (kind: string, amount: string) =>
  `INSERT INTO hold_resolution (hold_id, kind, amount, at)
   VALUES ('${holdId}', '${kind}', ${amount}, now())`;

describe('rule 4: a hold ends once and is never overspent', () => {
  test('captures beyond the hold, and a second one of an execution, are refused', async () => {
    await refused(capture('more', '30.01'), /captures exceed|held_not_negative/);
    await sql(capture('rest', '30'));
    await refused(capture('rest', '0.01'), /hold_capture_pkey|captures exceed/);
  });

  test('a hold ends with exactly what is left, once, and is not captured after that', async () => {
    await refused(resolution('RELEASED', '29.99'), /exactly what is left/);
    await sql(resolution('RELEASED', '30'));
    await refused(resolution('RELEASED', '30'), /hold_resolution_pkey|held_not_negative/);
    await refused(capture('afterwards', '1'), /has ended|held_not_negative/);
    expect(await balancesOf(bank, account)).toMatchObject({ held: '0.00', available: '80.00' });
  });

  test('two captures at once, each of which would fit alone, do not both fit', async () => {
    const outcomes = await Promise.allSettled([
      openAndRun(capture('one', '20')),
      openAndRun(capture('two', '20')),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

async function openAndRun(statement: string): Promise<void> {
  const own = await openSql(bank.databaseUrl);
  try {
    await own(statement);
  } finally {
    await own.end();
  }
}

test('rule 5: an owner has a key once', async () => {
  const key = `INSERT INTO idempotency_key (owner, key, request_hash, subject_id, created_at)
    VALUES ('somebody', 'key', 'hash', '${randomUUID()}', now())`;
  await sql(key);
  await refused(key, /idempotency_key_pkey/);
});

describe("rule 6: entries are in their account's currency, at its exponent, and not zero", () => {
  test.each([
    ['0', /entry_not_zero/],
    ['0.001', /entry_at_exponent/],
  ])('an entry of %s is refused', async (amount, why) => {
    const id = randomUUID();
    await refused(together(header(id), entry(id, cash, amount)), why);
  });

  test('an entry in another currency is refused', async () => {
    const id = randomUUID();
    const foreign = entry(id, cash, '5').replace("'USD'", "'EUR'");
    await refused(together(header(id), foreign), /entry_ledger_account_id_currency_fkey/);
  });

  test('all money is NUMERIC', async () => {
    const rows = await sql(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type IN ('real', 'double precision', 'money')`,
    );
    expect(rows).toEqual([]);
  });
});

test('rule 7: batches in opposite orders neither deadlock nor lose a cent', async () => {
  const other = await anAccount(bank, '100');
  const accounts = [account, other];
  const orders = Array.from({ length: 40 }, (_, index) => accounts[index % 2]?.id ?? '').map((id) =>
    anOrder(id),
  );
  const forth = orders.map((one) => created(one, '0.50'));
  await Promise.all([
    deliver(bank, ...forth.slice(0, 20)),
    deliver(bank, ...forth.slice(20).toReversed()),
    ...orders.map((one) => deliver(bank, filled(anOrder(one.accountId, 'SELL'), { value: '1' }))),
  ]);
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '40.00' });
  expect(await balancesOf(bank, other)).toMatchObject({ posted: '120.00', held: '10.00' });
  const parked = await bank.deps.db.parkedEvent.count();
  expect(parked).toBe(0);
});

test('rule 7: rows are locked in the order of their ids, however accounts are named', async () => {
  const accounts = [account, await anAccount(bank), await anAccount(bank)];
  const rows = await sql('SELECT id, account_id FROM ledger_account WHERE account_id IS NOT NULL');
  const mine = rows.filter((row) => accounts.some(({ id }) => id === row['account_id']));
  const ids = mine.map((row) => Number(row['id'])).toSorted((a, b) => a - b);
  const [first, , third] = ids;
  // While somebody holds a row in the middle, all below it are locked and none above it is.
  const holder = await openSql(bank.databaseUrl);
  await holder(`BEGIN; SELECT FROM ledger_account WHERE id = ${third} FOR UPDATE`);
  const waiting = deliver(
    bank,
    ...accounts.toReversed().map(({ id }) => filled(anOrder(id, 'SELL'), { value: '1' })),
  );
  const locked = () =>
    sql(`SELECT id FROM ledger_account WHERE id = ANY('{${ids.join(',')}}')
         AND id NOT IN (SELECT id FROM ledger_account FOR UPDATE SKIP LOCKED) ORDER BY id`);
  const below = ids.filter((id) => first !== undefined && id <= (third ?? 0));
  await eventually(async () => {
    expect((await locked()).map(({ id }) => Number(id))).toEqual(below);
  });
  await holder('COMMIT');
  await holder.end();
  await waiting;
});

test('rule 8: house accounts keep no running balance', async () => {
  const rows = await sql(
    `SELECT count(*)::int AS kept FROM ledger_account
     WHERE account_id IS NULL AND coalesce(posted, held, unsettled) IS NOT NULL`,
  );
  expect(rows).toEqual([{ kept: 0 }]);
  const give = 'UPDATE ledger_account SET posted = 0 WHERE account_id IS NULL';
  await refused(give, /moves by facts only|check/);
});

test('a settlement item settles once and changes in no other way', async () => {
  const [item] = await sql(`SELECT id FROM settlement_item WHERE ledger_account_id = ${cash}`);
  const where = `WHERE id = '${String(item?.['id'])}'`;
  await refused(`UPDATE settlement_item SET net = 5 ${where}`, /only settles, once/);
  await refused(`DELETE FROM settlement_item ${where}`, /append-only/);
  await sql(`UPDATE settlement_item SET settled_at = now() ${where}`);
  await refused(`UPDATE settlement_item SET settled_at = now() ${where}`, /only settles, once/);
});

import { createHash } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processEnvironment } from '../../tools/embedded/environment.ts';
import { makeKeys } from '../../tools/embedded/keys.ts';
import { databaseOwners, readSettings } from '../../tools/embedded/settings.ts';
import { makeHistory } from '../../tools/history/history.ts';

const now = new Date('2026-11-18T22:00:00.000Z');
const months = 2;

const made: TestDatabase[] = [];
let one: Awaited<ReturnType<typeof bankWithPast>>;
beforeAll(async () => {
  one = await bankWithPast();
}, 300_000);
afterAll(async () => {
  await Promise.all(made.map((database) => database.drop()));
});

type Databases = Readonly<Record<string, TestDatabase>>;

/** A bank with a short past of its own; what its processes warned of is in `complaints`. */
async function bankWithPast(given: Readonly<Record<string, string>> = {}) {
  const opened = databaseOwners.map(
    async (name) => [name, await createTestDatabase(name)] as const,
  );
  const databases: Databases = Object.fromEntries(await Promise.all(opened));
  made.push(...Object.values(databases));
  const databaseUrls = Object.fromEntries(
    Object.entries(databases).map(([name, { url }]) => [name, url]),
  );
  const chosen = { ACCOUNTS_SCRYPT_COST: '10', ...given };
  const keys = await makeKeys([]);
  const env = processEnvironment({ env: chosen, settings: readSettings({}), keys, databaseUrls });
  const complaints: string[] = [];
  const destination = { write: (line: string) => void complaints.push(line) };
  const log = createLogger({ service: 'past', level: 'WARN', destination });
  await makeHistory({ env, log, now, months });
  return { databases, complaints };
}

async function rowsOf(database: TestDatabase | undefined, text: string) {
  const client = new pg.Client({ connectionString: database?.adminUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** What was moved on which day, in which account; ids and salts are not looked at. */
const amounts = `SELECT account.number::text, (activity.at AT TIME ZONE 'UTC')::date::text AS day,
    activity.kind, activity.amount::text, activity.quantity::text
  FROM activity JOIN account ON account.id = activity.account_id ORDER BY 1, 2, 3, 4, 5`;

async function digestOf({ accounts }: Databases): Promise<string> {
  const rows = await rowsOf(accounts, amounts);
  expect(rows.length).toBeGreaterThan(20);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

test('the same seed and day give the same past; another seed another', async () => {
  const [again, other] = await Promise.all([bankWithPast(), bankWithPast({ VENUE_SEED: 'other' })]);
  const digest = await digestOf(one.databases);
  expect(await digestOf(again.databases)).toBe(digest);
  expect(await digestOf(other.databases)).not.toBe(digest);
}, 600_000);

test('the past leaves nothing under way, nothing unsent, and books that agree', async () => {
  const { databases, complaints } = one;
  expect(complaints).toEqual([]);
  const { accounts, orders, market, strategies } = databases;
  for (const context of databaseOwners.filter((name) => name !== 'venue')) {
    const left = `SELECT 1 FROM outbox_event WHERE published_at IS NULL
      UNION ALL SELECT 1 FROM parked_event`;
    expect({ context, left: await rowsOf(databases[context], left) }).toEqual({
      context,
      left: [],
    });
  }
  expect(await rowsOf(orders, `SELECT status FROM "order" WHERE status <> 'FILLED'`)).toEqual([]);
  expect(await rowsOf(market, `SELECT state FROM venue_order WHERE state <> 'DONE'`)).toEqual([]);
  expect(
    await rowsOf(strategies, `SELECT status FROM strategy_order WHERE status <> 'COMPLETED'`),
  ).toEqual([]);
  expect(
    await rowsOf(
      accounts,
      `SELECT id::text FROM payment WHERE status <> 'COMPLETED'
      UNION ALL SELECT id::text FROM ledger_account WHERE held <> 0 OR unsettled <> 0
      UNION ALL SELECT id::text FROM settlement_item WHERE settled_at IS NULL
      UNION ALL SELECT transaction_id::text FROM entry GROUP BY 1 HAVING sum(amount) <> 0`,
    ),
  ).toEqual([]);
});

const statements = `SELECT statement.month, statement.opening::text, statement.closing::text,
    (SELECT coalesce(sum(entry.amount), 0) FROM entry
      JOIN transaction ON transaction.id = entry.transaction_id
      JOIN ledger_account ON ledger_account.id = entry.ledger_account_id
      WHERE ledger_account.account_id = statement.account_id AND ledger_account.kind = 'cash'
        AND to_char(transaction.at AT TIME ZONE 'America/New_York', 'YYYY-MM')
          <= statement.month)::text AS ledger
  FROM statement ORDER BY statement.account_id, statement.month`;

test('each past month has a statement that closes as the ledger does', async () => {
  const rows = await rowsOf(one.databases['accounts'], statements);
  const accountsOfTheFirstMonth = 3;
  expect(rows).toHaveLength(months * accountsOfTheFirstMonth);
  for (const [index, row] of rows.entries()) {
    expect({ ...row, closing: Number(row['closing']) }).toMatchObject({
      closing: Number(row['ledger']),
    });
    if (index % months > 0) expect(row['opening']).toBe(rows[index - 1]?.['closing']);
  }
});

const unvalued = `SELECT account_id::text, count(*) FILTER (WHERE shares IS NULL) AS unpriced,
    count(*) FILTER (WHERE day > valued_through) AS open, max(valued_through)::text AS through,
    max(cash + shares) > min(cash + shares) AS moved
  FROM account_day JOIN account_valuation USING (account_id) GROUP BY account_id`;

test('each day of the past has a value of every account, and the values move', async () => {
  const rows = await rowsOf(one.databases['holdings'], unvalued);
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows) {
    const whole = { unpriced: '0', open: '0', through: '2026-11-17', moved: true };
    expect(row).toMatchObject(whole);
  }
});

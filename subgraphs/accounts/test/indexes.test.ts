import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

/** What jobs ask again and again, however many rows have ended: one index, nothing to sort. */
const questions = [
  [
    'settlement_item_open',
    `SELECT id FROM settlement_item WHERE settled_at IS NULL AND due_on <= '2026-11-23'
     ORDER BY due_on, id LIMIT 500`,
  ],
  ['payment_created', "SELECT id FROM payment WHERE status = 'CREATED' ORDER BY number LIMIT 100"],
  [
    'payment_submitted',
    `SELECT id FROM payment WHERE status = 'SUBMITTED'
     ORDER BY asked_at NULLS FIRST, number LIMIT 100`,
  ],
  [
    'idempotency_key_expiring',
    'SELECT owner, key FROM idempotency_key WHERE expires_at < now() LIMIT 1000',
  ],
] as const;

let bank: Bank;
let sql: Sql;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
  // An empty table is quickest read whole; the question is whether there is another way.
  await sql('SET enable_seqscan = off; SET enable_bitmapscan = off');
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

test.each(questions)('%s answers a job without reading what is over', async (index, question) => {
  const rows = await sql(`EXPLAIN ${question}`);
  const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n');
  expect(plan).toContain(`using ${index}`);
  expect(plan).not.toContain('Sort');
});

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
  [
    'payment_created',
    `SELECT p.id FROM payment p JOIN account a ON a.id = p.account_id
     WHERE p.status = 'CREATED' AND a.status = ANY('{ACTIVE,CLOSING}')
     ORDER BY p.number LIMIT 100`,
  ],
  [
    'payment_due',
    `SELECT id FROM payment WHERE status = 'SUBMITTED' AND next_call_at <= '2026-11-23'
     ORDER BY next_call_at, number LIMIT 100`,
  ],
  [
    'payment_notice_due',
    `SELECT payment_id FROM payment_notice WHERE due_at <= '2026-11-23'
     ORDER BY due_at, number LIMIT 100`,
  ],
  [
    'payment_notice_open',
    `SELECT id FROM payment_notice WHERE payment_id = 'x' AND due_at IS NOT NULL ORDER BY number`,
  ],
  [
    'payment_notice_parked',
    "SELECT id FROM payment_notice WHERE state = 'PARKED' AND number > 7 ORDER BY number LIMIT 21",
  ],
  [
    'simulated_notice_due',
    `SELECT id FROM simulated_notice WHERE place IS NULL AND due_at <= '2026-11-23'
     ORDER BY due_at, id LIMIT 100`,
  ],
  [
    'simulated_notice_place_key',
    'SELECT notice_id FROM simulated_notice WHERE place > 7 ORDER BY place LIMIT 100',
  ],
  [
    'verification_request_open',
    `SELECT id FROM verification_request WHERE answered_at IS NULL AND next_attempt_at <= now()
     ORDER BY next_attempt_at LIMIT 100`,
  ],
  [
    'account_closing',
    `SELECT id FROM account WHERE status = 'CLOSING'
     AND id > '00000000-0000-0000-0000-000000000000' ORDER BY id LIMIT 100`,
  ],
  [
    'session_ends_at_idx',
    "SELECT id FROM session WHERE ends_at < '2026-10-01' ORDER BY ends_at LIMIT 500",
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

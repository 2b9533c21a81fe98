import { randomUUID } from 'node:crypto';
import { createEmptyDatabase } from '@simplebank/testkit/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../tools/migrate/apply.ts';
import { readSource } from '../../tools/migrate/history.ts';
import { queryAt } from './support/query.ts';

const firstRelease = '20261121100000';
let url = '';
let drop = async () => {};
beforeAll(async () => {
  const database = await createEmptyDatabase('first_release');
  url = database.adminUrl;
  drop = database.drop;
});
afterAll(() => drop());

const customerId = randomUUID();
const [active, limited, frozen] = [randomUUID(), randomUUID(), randomUUID()];
const sessionId = randomUUID();
const orderIds = [randomUUID(), randomUUID()] as const;

/** A customer with a session, accounts in three states, an open order and one that has ended. */
const facts = `
  INSERT INTO identity VALUES
    ('${customerId}', 'a@example.com', 'Ada', 'scrypt', '{customer}', '2026-11-01');
  INSERT INTO customer (id) VALUES ('${customerId}');
  INSERT INTO session (id, identity_id, channel, created_at)
    VALUES ('${sessionId}', '${customerId}', 'web', '2026-11-01');
  INSERT INTO refresh_token VALUES ('h', '${sessionId}', '2026-11-01', '2026-12-01', NULL);
  INSERT INTO account (id, name, currency, status, status_before_freeze, limited_for, version,
    created_at) VALUES
    ('${active}', 'A', 'USD', 'ACTIVE', NULL, NULL, 1, now()),
    ('${limited}', 'L', 'USD', 'LIMITED', NULL, 'DEBT', 2, now()),
    ('${frozen}', 'F', 'USD', 'FROZEN', 'LIMITED', 'DEBT', 3, now());
  INSERT INTO order_booking (order_id, account_id, state, booked, end_executions, end_version)
    VALUES ('${orderIds[0]}', '${active}', 'HELD', 0, NULL, NULL),
      ('${orderIds[1]}', '${active}', 'HELD', 1, 1, 7);
  INSERT INTO ledger_account (account_id, kind, currency, posted, held, unsettled)
    SELECT id, kind, 'USD', 0, 0, 0 FROM account, unnest('{cash,debt}'::text[]) AS of (kind);`;

/**
 * Transactions as the first release writes them, which knows no activities: each brings 5.00, or
 * is a purchase of 3.00 with a fee of 0.10, of which 1.00 is owed.
 */
const booked = (kind: 'DEPOSIT' | 'BUY', count: number) => `
  CREATE TEMP TABLE header AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, ${count}) n;
  INSERT INTO "transaction" (id, kind, reference, at)
    SELECT id, '${kind}', '${kind}:' || id, now() FROM header;
  INSERT INTO entry (transaction_id, ledger_account_id, amount, currency)
    SELECT header.id, l.id, leg.amount, 'USD'
    FROM header CROSS JOIN (VALUES ${
      kind === 'DEPOSIT'
        ? "('cash', 5), ('bank', -5)"
        : "('cash', -2.1), ('debt', -1), ('clearing', 3), ('commission', 0.1)"
    }) AS leg (kind, amount)
    JOIN ledger_account l ON l.kind = leg.kind
      AND (l.account_id IS NULL OR l.account_id = '${active}')`;

const sums = `SELECT posted::float AS posted,
    (SELECT sum(amount)::float FROM activity a WHERE a.account_id = l.account_id) AS told
  FROM ledger_account l WHERE kind = 'cash' AND account_id = '${active}'`;

test('accounts of the first release go on in their states, with sessions and orders', async () => {
  const whole = readSource('accounts');
  const migrations = whole.migrations.filter(({ name }) => name < firstRelease);
  await migrate({ source: { ...whole, migrations }, url });
  await queryAt(url, facts);
  await migrate({ source: whole, url });

  const accounts = await queryAt(url, 'SELECT id, status FROM account ORDER BY version');
  expect(accounts).toEqual([
    { id: active, status: 'ACTIVE' },
    { id: limited, status: 'LIMITED' },
    { id: frozen, status: 'FROZEN' },
  ]);
  const [session] = await queryAt(url, "SELECT ends_at = '2026-12-01' AS lives FROM session");
  expect(session).toEqual({ lives: true });
  const orders = await queryAt(url, 'SELECT order_id, ended FROM account_order ORDER BY ended');
  expect(orders).toEqual([
    { order_id: orderIds[0], ended: false },
    { order_id: orderIds[1], ended: true },
  ]);
  // Nobody is taken for verified who never was; their accounts move on all the same.
  expect(await queryAt(url, 'SELECT * FROM verification')).toEqual([]);
  const repaid = `UPDATE account SET status = 'ACTIVE', limited_for = NULL,
    changed_by = 'DEBT_REPAID' WHERE id = '${limited}' RETURNING status`;
  expect(await queryAt(url, repaid)).toEqual([{ status: 'ACTIVE' }]);
});

test('every transaction of the first release is told to its customer, early or late', async () => {
  const whole = readSource('accounts');
  const between = whole.migrations.filter(({ name }) => name < firstRelease);
  const database = await createEmptyDatabase('first_release_feed');
  try {
    const at = (statement: string) => queryAt(database.adminUrl, statement);
    await migrate({ source: { ...whole, migrations: between }, url: database.adminUrl });
    await at(facts);
    await at(booked('DEPOSIT', 2_000));
    await at(booked('BUY', 20));
    await migrate({ source: whole, url: database.adminUrl });
    expect(await at(sums)).toEqual([{ posted: 9_958, told: 9_958 }]);

    // Processes of the release before go on until they are replaced.
    await at(booked('BUY', 3));
    await at(booked('DEPOSIT', 1));
    expect(await at(sums)).toEqual([{ posted: 9_956.7, told: 9_956.7 }]);
    const kinds = `SELECT kind, sum(amount)::float AS amount FROM activity
      WHERE account_id = '${active}' AND amount <> 0 GROUP BY kind ORDER BY kind`;
    expect(await at(kinds)).toEqual([
      { kind: 'BUY', amount: -69 },
      { kind: 'COMMISSION', amount: -2.3 },
      { kind: 'DEBT', amount: 23 },
      { kind: 'DEPOSIT', amount: 10_005 },
    ]);
  } finally {
    await database.drop();
  }
});

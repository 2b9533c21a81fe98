import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount } from './builders.ts';
import { earn } from './ledger-builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
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

type Shown = { account: string; balance: { amount: string }; checkpointDay: string | null };

async function balances(): Promise<Shown[]> {
  const { data, errors } = await bank.as(operations)(
    '{ houseBalances { account balance { amount } checkpointDay } }',
  );
  if (!data?.['houseBalances']) throw new Error(JSON.stringify(errors));
  return data['houseBalances'] as Shown[];
}

/** Every entry there is, without a checkpoint. */
async function expectAllEntries(): Promise<void> {
  const rows = await sql(
    `SELECT l.kind, coalesce(sum(e.amount), 0)::numeric(20,2)::text AS total FROM ledger_account l
     LEFT JOIN entry e ON e.ledger_account_id = l.id WHERE l.account_id IS NULL
     GROUP BY l.id ORDER BY l.id`,
  );
  const summed = rows.map(({ kind, total }) => [kind, total]);
  expect((await balances()).map(({ account, balance }) => [account, balance.amount])).toEqual(
    summed,
  );
}

const days = async () => [...new Set((await balances()).map(({ checkpointDay }) => checkpointDay))];

test('a balance is the last checkpoint, one a day, and what was booked since', async () => {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '10' });
  expect(await days()).toEqual([null]);
  await expectAllEntries();
  await Promise.all([bank.runJob('house-checkpoint'), bank.runJob('house-checkpoint')]);
  expect(await days()).toEqual(['2026-11-20']);
  await earn(bank, account, { value: '7' });
  await expectAllEntries();
  await bank.runJob('house-checkpoint');
  expect(await days()).toEqual(['2026-11-20']);
  bank.clock.moveTo('2026-11-21T05:00:00.000Z');
  await bank.runJob('house-checkpoint');
  expect(await days()).toEqual(['2026-11-21']);
  await earn(bank, account, { value: '5' });
  await expectAllEntries();
  const rows = await sql('SELECT count(*)::int AS n FROM house_checkpoint');
  expect(rows).toEqual([{ n: 14 }]);
});

test('an entry that is numbered early and booked late is in no gap', async () => {
  bank.clock.moveTo('2026-11-22T12:00:00.000Z');
  const account = await anAccount(bank);
  const slow = await openSql(bank.databaseUrl);
  const id = randomUUID();
  const house = (kind: string) => `(SELECT id FROM ledger_account WHERE kind = '${kind}')`;
  await slow(`BEGIN;
    INSERT INTO transaction (id, kind, reference, at)
    VALUES ('${id}', 'CORRECTION', '${id}', now());
    INSERT INTO entry (transaction_id, ledger_account_id, amount, currency)
    VALUES ('${id}', ${house('error')}, -3, 'USD'), ('${id}', ${house('bank')}, 3, 'USD')`);
  await earn(bank, account, { value: '11' });
  const checkpoint = bank.runJob('house-checkpoint');
  await earn(bank, account, { value: '13' });
  await slow('COMMIT');
  await slow.end();
  await checkpoint;
  await bank.runJob('house-checkpoint');
  expect(await days()).toEqual(['2026-11-22']);
  await expectAllEntries();
});

test('only staff sees them', async () => {
  const { viewer } = await anAccount(bank);
  const { errors } = await bank.as(viewer)('{ houseBalances { account } }');
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
});

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  anAccount,
  anOrder,
  balancesOf,
  completed,
  created,
  deliver,
  filled,
  type TestAccount,
} from './builders.ts';
import { brokenLaws } from './ledger-builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { dividendDue, positionSplit } from './support/dividends.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
});
afterAll(async () => {
  expect(await brokenLaws(sql)).toEqual([]);
  await sql.end();
  await bank.stop();
});

const pay = () => bank.runJob('pay-dividends');
const dueTo = ({ id: accountId }: TestAccount) => ({ actionId: randomUUID(), accountId });

async function paidTo({ id }: TestAccount) {
  const events = await bank.published('accounts.dividend-paid.v1');
  type Paid = { accountId: string; amount: string; paidOn: string };
  return events
    .filter(({ payload }) => (payload as Paid).accountId === id)
    .map(({ payload, aggregateVersion }) => {
      const { amount, paidOn } = payload as Paid;
      return `${amount} on ${paidOn} v${aggregateVersion}`;
    });
}

async function feedOf({ id }: TestAccount, ...kinds: readonly string[]) {
  const rows = await sql(
    `SELECT kind, amount::numeric(20,2)::text AS amount, symbol,
            trim_scale(quantity)::text AS quantity
     FROM activity WHERE account_id = '${id}' AND kind = ANY('{${kinds.join(',')}}') ORDER BY id`,
  );
  return rows.map(({ kind, amount, symbol, quantity }) =>
    [kind, amount, symbol, quantity].join(' '),
  );
}

const entries = async () => {
  const rows = await sql(
    `SELECT l.kind, coalesce(sum(e.amount), 0)::numeric(20,2)::text AS amount
     FROM ledger_account l JOIN entry e ON e.ledger_account_id = l.id
     JOIN transaction t ON t.id = e.transaction_id
     WHERE t.kind = 'DIVIDEND' GROUP BY l.kind`,
  );
  return Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount]));
};

test('a dividend is paid on its pay date in New York, not before, once, in two facts', async () => {
  const account = await anAccount(bank);
  bank.clock.moveTo('2026-11-24T04:59:59.000Z');
  await deliver(bank, dividendDue({ ...dueTo(account), amount: '2.05' }));
  await pay();
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '0.00' });
  bank.clock.moveTo('2026-11-24T05:00:00.000Z');
  await Promise.all([pay(), pay(), pay()]);
  await pay();
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '2.05', withdrawable: '2.05' });
  expect(await entries()).toEqual({ bank: '-2.05', cash: '2.05', dividends: '0.00' });
  expect(await feedOf(account, 'DIVIDEND')).toEqual(['DIVIDEND 2.05 AAPL 10']);
  expect(await paidTo(account)).toEqual(['2.05 on 2026-11-24 v1']);
});

test('what is told again before the payment is paid once, as last told', async () => {
  const account = await anAccount(bank);
  const due = dueTo(account);
  await deliver(bank, dividendDue({ ...due, amount: '4.10', version: 3 }));
  await deliver(bank, dividendDue({ ...due, amount: '2.05', version: 1 }));
  await pay();
  expect(await paidTo(account)).toEqual(['4.1 on 2026-11-24 v3']);
});

test('versions in any order, twice, with payments in between, end at the last amount', async () => {
  const versions = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 4 });
  const story = versions.chain((amounts) => {
    const count = amounts.length * 2;
    return fc.record({
      amounts: fc.constant(amounts),
      ranks: fc.array(fc.integer(), { minLength: count, maxLength: count }),
    });
  });
  const account = await anAccount(bank, '100');
  let expected = 10_000;
  await fc.assert(
    fc.asyncProperty(story, async ({ amounts, ranks }) => {
      const due = dueTo(account);
      const told = amounts.map((cents, at) =>
        dividendDue({ ...due, amount: (cents / 100).toFixed(2), version: at + 1 }),
      );
      const shuffled = [...told, ...told]
        .map((event, at) => ({ event, rank: ranks[at] ?? 0 }))
        .sort((a, b) => a.rank - b.rank);
      for (const { event, rank } of shuffled) {
        await deliver(bank, event);
        if (rank % 2 === 0) await pay();
      }
      await pay();
      expected += amounts.at(-1) ?? 0;
      const { posted } = await balancesOf(bank, account);
      expect(posted).toBe((expected / 100).toFixed(2));
    }),
    { numRuns: 20, endOnFailure: true },
  );
}, 60_000);

test('a dividend paid too high is taken back: what is not there any more is owed', async () => {
  const account = await anAccount(bank);
  const due = dueTo(account);
  await deliver(bank, dividendDue({ ...due, amount: '5.00' }));
  await pay();
  const order = anOrder(account.id);
  await deliver(bank, created(order, '4.50'));
  await deliver(bank, filled(order, { value: '4.50' }), completed(order, 1));
  await deliver(bank, dividendDue({ ...due, amount: '2.00', version: 2 }));
  await pay();
  expect(await balancesOf(bank, account)).toMatchObject({
    ...{ posted: '0.00', debt: '2.50', status: 'LIMITED' },
  });
  expect(await paidTo(account)).toEqual(['5 on 2026-11-24 v1', '-3 on 2026-11-24 v2']);
  expect(await feedOf(account, 'DIVIDEND', 'DEBT')).toEqual([
    'DIVIDEND 5.00 AAPL 10',
    'DEBT 2.50  ',
    'DIVIDEND -3.00 AAPL 10',
  ]);
  await deliver(bank, dividendDue({ ...dueTo(account), amount: '4.00' }));
  await pay();
  expect(await balancesOf(bank, account)).toMatchObject({
    ...{ posted: '1.50', debt: '0.00', status: 'ACTIVE' },
  });
});

test('an account that staff has frozen gets its dividend', async () => {
  const account = await anAccount(bank);
  const input = { accountId: account.id, reason: 'court order', idempotencyKey: randomUUID() };
  await bank.as(operations)(
    'mutation ($input: FreezeAccountInput!) { freezeAccount(input: $input) { __typename } }',
    { input },
  );
  await deliver(bank, dividendDue({ ...dueTo(account), amount: '1.00' }));
  await pay();
  expect(await balancesOf(bank, account)).toMatchObject({ status: 'FROZEN', posted: '1.00' });
});

test('an account is not closed for good while a dividend is to come', async () => {
  const account = await anAccount(bank);
  await deliver(bank, dividendDue({ ...dueTo(account), amount: '1.00', payDate: '2026-12-01' }));
  await bank.as(account.viewer)(
    'mutation ($input: CloseAccountInput!) { closeAccount(input: $input) { __typename } }',
    { input: { accountId: account.id, idempotencyKey: randomUUID() } },
  );
  bank.clock.advance(60_000);
  await bank.runJob('close-settled-accounts');
  expect(await balancesOf(bank, account)).toMatchObject({ status: 'CLOSING' });
});

test('the database pays each version once, keeps payments, and knows what was paid', async () => {
  const account = await anAccount(bank);
  const due = dueTo(account);
  await deliver(bank, dividendDue({ ...due, amount: '1.00' }));
  await pay();
  const mine = `action_id = '${due.actionId}'`;
  const again = `INSERT INTO dividend_payment SELECT action_id, account_id, version, amount,
    paid_on, gen_random_uuid(), gen_random_uuid(), at FROM dividend_payment WHERE ${mine}`;
  await expect(sql(again)).rejects.toThrow(/dividend_payment_pkey/);
  const next = again.replace('version,', 'version + 1,');
  await expect(sql(next)).rejects.toThrow(/is not what was paid of it/);
  await expect(sql(`UPDATE dividend_payment SET amount = 2 WHERE ${mine}`)).rejects.toThrow(
    /append-only/,
  );
  const entitlement = (set: string) => sql(`UPDATE dividend_entitlement SET ${set} WHERE ${mine}`);
  await expect(entitlement('paid = 2, amount = 2, version = 2')).rejects.toThrow(
    /not what was paid/,
  );
  await expect(entitlement('amount = 2')).rejects.toThrow(/goes back|dividend_entitlement_paid/);
  await expect(entitlement('paid_version = NULL')).rejects.toThrow(/goes back/);
});

test('a split is told by how many shares it brought, corrections as the rest', async () => {
  const account = await anAccount(bank);
  const ids = { actionId: randomUUID(), accountId: account.id };
  const first = positionSplit({ ...ids, before: '10', after: '40' });
  const second = positionSplit({ ...ids, before: '12.5', after: '50', version: 2 });
  await deliver(bank, first);
  await deliver(bank, second, first);
  await deliver(bank, second);
  expect(await feedOf(account, 'SPLIT')).toEqual(['SPLIT 0.00 AAPL 30', 'SPLIT 0.00 AAPL 7.5']);

  const other = await anAccount(bank);
  const reverse = { actionId: randomUUID(), accountId: other.id, before: '9', after: '3' };
  await deliver(bank, positionSplit({ ...reverse, version: 2 }), positionSplit(reverse));
  expect(await feedOf(other, 'SPLIT')).toEqual(['SPLIT 0.00 AAPL -6']);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reversalRules } from '../src/ledger/domain/reversal.ts';
import { openFeed } from '../src/reconcile.ts';
import {
  anAccount,
  anOrder,
  balancesOf,
  completed,
  created,
  deliver,
  filled,
  passPayments,
  resultOf,
  type TestAccount,
} from './builders.ts';
import { brokenLaws, endMonths } from './ledger-builders.ts';
import { anonymous, type Bank, operations, principal, service, startBank } from './support/bank.ts';
import {
  aBuy,
  aCorrection,
  askReversal,
  reversed,
  seen,
  transactionText,
} from './support/corrections.ts';
import { paid } from './support/payments.ts';
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

const part = 'COMMISSION' as const;
const support = principal('00000000-0000-4000-8000-00000000000b', 'support');

async function corrections(account: TestAccount) {
  const answer = await bank.as(account.viewer)(
    `query ($id: ID!) { account(id: $id) { activities(filter: { kinds: [CORRECTION, DEBT] }) {
       nodes { kind amount { amount } orderId transactionId reversesId } } } }`,
    { id: account.id },
  );
  return resultOf<{ activities: { nodes: object[] } }>(answer, 'account').activities.nodes;
}

describe('a commission', () => {
  test('goes back by a transaction that names the trade, and both sides show it', async () => {
    const account = await anAccount(bank, '100');
    const transactionId = await aBuy(bank, account);
    expect(await seen(bank, transactionId)).toMatchObject({ kind: 'BUY', reversible: [part] });
    const { transaction } = await reversed(bank, { transactionId, part, reason: 'too dear' });
    const bought = await seen(bank, transactionId);
    expect(transaction).toMatchObject({
      ...{ kind: 'CORRECTION', reversesId: transactionId, orderId: bought?.orderId },
      ...{ reversedById: null, reversible: [] },
      entries: [
        { account: 'cash', accountId: account.id, amount: { amount: '1.00' } },
        { account: 'commission', accountId: null, amount: { amount: '-1.00' } },
      ],
    });
    expect(bought).toMatchObject({ reversedById: transaction?.id, reversible: [] });
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '90.00', held: '0.00' });
    expect(await corrections(account)).toEqual([
      {
        ...{ kind: 'CORRECTION', amount: { amount: '1.00' }, orderId: bought?.orderId },
        ...{ transactionId: transaction?.id, reversesId: transactionId },
      },
    ]);
    const rows = await bank.deps.db.audit.findMany({ where: { subject: transactionId } });
    expect(rows).toMatchObject([
      { command: 'reverseTransaction', reason: 'too dear', role: 'operations', outcome: 'DONE' },
    ]);
    const digests = rows.flatMap(({ beforeDigest, afterDigest }) => [beforeDigest, afterDigest]);
    expect([digests.length, new Set(digests).size, digests.includes(null)]).toEqual([2, 2, false]);
  });

  test('repays debt before it can be spent, and the account is free again', async () => {
    const account = await anAccount(bank, '10');
    const order = anOrder(account.id);
    const late = filled(order, { value: '10', commission: '1', late: true });
    await deliver(bank, created(order, '10'), completed(order, 0, 4), late);
    expect(await balancesOf(bank, account)).toMatchObject({ status: 'LIMITED', debt: '1.00' });
    const where = { orderId: order.orderId, kind: 'BUY' };
    const { id } = await bank.deps.db.transaction.findFirstOrThrow({ where });
    await reversed(bank, { transactionId: id, part });
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'ACTIVE', posted: '0.00', debt: '0.00' },
    });
  });
});

test('what is taken leaves as far as it is available; the rest is owed and limits', async () => {
  const account = await anAccount(bank);
  const transactionId = await aCorrection(sql, account, '30.00');
  await deliver(bank, created(anOrder(account.id), '20'));
  expect(await seen(bank, transactionId)).toMatchObject({ reversible: ['WHOLE'] });
  const { transaction } = await reversed(bank, { transactionId });
  expect(transaction?.entries.map(({ account: of, amount }) => [of, amount.amount])).toEqual([
    ...[
      ['cash', '-10.00'],
      ['debt', '-20.00'],
      ['error', '30.00'],
    ],
  ]);
  expect(await balancesOf(bank, account)).toMatchObject({
    ...{ status: 'LIMITED', posted: '20.00', held: '20.00', available: '0.00', debt: '20.00' },
  });
  const link = { reversesId: transactionId };
  expect(await corrections(account)).toMatchObject([
    { kind: 'CORRECTION', amount: { amount: '-30.00' }, ...link },
    { kind: 'DEBT', amount: { amount: '20.00' }, ...link },
    { kind: 'CORRECTION', amount: { amount: '30.00' }, reversesId: null },
  ]);
});

describe('once and for all:', () => {
  test('twenty of staff at once make one reversal', async () => {
    const account = await anAccount(bank, '100');
    const transactionId = await aBuy(bank, account);
    const twenty = Array.from({ length: 20 }, () => reversed(bank, { transactionId, part }));
    const answers = await Promise.all(twenty);
    const refused = answers.filter(({ code }) => code === 'ALREADY_REVERSED');
    const made = answers.filter(({ transaction }) => transaction);
    expect([made.length, refused.length]).toEqual([1, 19]);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '90.00' });
    const { count } = await counted(transactionId);
    expect(count).toBe(1);
  });

  test('the same key answers the same correction', async () => {
    const transactionId = await aBuy(bank, await anAccount(bank, '100'));
    const asked = { transactionId, part, idempotencyKey: randomUUID() };
    const answers = await Promise.all([1, 2, 3].map(() => reversed(bank, asked)));
    const ids = new Set(answers.map(({ transaction }) => transaction?.id));
    expect([ids.size, ids.has(undefined)]).toEqual([1, false]);
    expect(await counted(transactionId)).toMatchObject({ count: 1 });
  });

  test('the database itself refuses a second reversal of one transaction', async () => {
    const account = await anAccount(bank, '100');
    const transactionId = await aBuy(bank, account);
    await reversed(bank, { transactionId, part });
    const second = sql(`INSERT INTO transaction (id, kind, reference, at, reverses_id)
      VALUES ('${randomUUID()}', 'CORRECTION', '${randomUUID()}', now(), '${transactionId}')`);
    await expect(second).rejects.toThrow(/transaction_reverses_id_key/);
  });

  test('a reversal is not reversed', async () => {
    const transactionId = await aBuy(bank, await anAccount(bank, '100'));
    const { transaction } = await reversed(bank, { transactionId, part });
    expect(await reversed(bank, { transactionId: transaction?.id ?? '' })).toEqual({
      ...{ code: 'NOT_REVERSIBLE', message: 'It is a reversal itself.' },
    });
  });
});

const counted = async (reversesId: string) => ({
  count: await bank.deps.db.transaction.count({ where: { reversesId } }),
});

/** One transaction of each kind that today's code books, by the ways of the bank. */
async function aTransactionOfEachKind(): Promise<Map<string, string>> {
  const account = await anAccount(bank, '100');
  await paid(bank, account, { kind: 'Withdrawal', amount: '5' });
  await paid(bank, account, { kind: 'Deposit', amount: '7', reference: 'RETURN' });
  for (let pass = 0; pass < 4; pass += 1) await passPayments(bank);
  await aBuy(bank, account);
  const broke = await anAccount(bank);
  const [lateFill, sale] = [anOrder(broke.id), anOrder(broke.id, 'SELL')];
  await deliver(bank, created(lateFill, '1'), completed(lateFill, 0, 4));
  await deliver(bank, filled(lateFill, { value: '5', late: true }));
  await deliver(bank, filled(sale, { value: '50', commission: '1' }));
  bank.clock.moveTo('2026-11-23T12:00:00.000Z');
  await bank.runJob('settle-due');
  const rows = await bank.deps.db.transaction.findMany({ where: { reversedBy: null } });
  return new Map(rows.map(({ kind, id }) => [kind, id]));
}

test('every other kind is refused as a whole, with the words of the table', async () => {
  const found = await aTransactionOfEachKind();
  const kinds = ['DEPOSIT', 'WITHDRAWAL', 'RETURN', 'BUY', 'SALE', 'SETTLEMENT', 'DEBT_REPAID'];
  expect([...found.keys()]).toEqual(expect.arrayContaining(kinds));
  for (const kind of kinds as (keyof typeof reversalRules)[]) {
    const answer = await reversed(bank, { transactionId: found.get(kind) ?? '' });
    expect([kind, answer]).toEqual([
      kind,
      { code: 'NOT_REVERSIBLE', message: reversalRules[kind].why },
    ]);
  }
});

test('nothing is given back to a closed account', async () => {
  const account = await anAccount(bank, '11');
  const transactionId = await aBuy(bank, account);
  await sql(`ALTER TABLE account DISABLE TRIGGER USER;
    UPDATE account SET status = 'CLOSED' WHERE id = '${account.id}';
    ALTER TABLE account ENABLE TRIGGER USER`);
  expect(await reversed(bank, { transactionId, part })).toMatchObject({
    ...{ code: 'NOT_REVERSIBLE', message: expect.stringContaining('closed') },
  });
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '0.00' });
});

test('only operations reverses, with a reason; support may look, customers may not', async () => {
  const account = await anAccount(bank, '100');
  const transactionId = await aBuy(bank, account);
  for (const viewer of [account.viewer, support, service]) {
    const { errors } = await askReversal(bank, { transactionId, part }, viewer);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  }
  const { errors } = await askReversal(bank, { transactionId, part }, anonymous());
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  const looked = await Promise.all(
    [support, operations, account.viewer].map((viewer) =>
      bank.as(viewer)(transactionText, { id: transactionId }),
    ),
  );
  expect(looked.map((answer) => answer.errors?.[0]?.extensions?.['code'] ?? 'shown')).toEqual([
    ...['shown', 'shown', 'FORBIDDEN'],
  ]);
  expect(await reversed(bank, { transactionId, part, reason: ' ' })).toMatchObject({
    ...{ code: 'BAD_INPUT', field: 'input.reason' },
  });
  expect(await reversed(bank, { transactionId: 'x', part })).toMatchObject({
    ...{ code: 'BAD_INPUT', field: 'input.transactionId' },
  });
  expect([await seen(bank, 'x'), await seen(bank, randomUUID())]).toEqual([null, null]);
  expect(await counted(transactionId)).toEqual({ count: 0 });
});

test('the reconciler finds no drift, and the statement closes with what was given', async () => {
  const account = await anAccount(bank, '100');
  await reversed(bank, { transactionId: await aBuy(bank, account), part });
  const given = await aCorrection(sql, account, '4.00');
  await reversed(bank, { transactionId: given });
  const feed = openFeed(bank.databaseUrl);
  const { money } = await feed.accountsOf([account.id]);
  const mismatches = await feed.mismatches();
  await feed.close();
  // 100 paid in, 11 spent by the execution, and what staff booked: 1 + 4 − 4.
  const [found] = money.map(({ net, paid: payments, other }) => [net, payments, other].map(Number));
  expect([found, mismatches]).toEqual([[90, 100, 1], []]);
  bank.clock.moveTo('2026-12-02T00:00:00.000Z');
  await endMonths(bank, account.id);
  const statements = await bank.deps.db.statement.findMany({ where: { accountId: account.id } });
  expect(statements.map(({ closing }) => closing.toFixed(2))).toEqual(['90.00']);
});

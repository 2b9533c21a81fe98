import { createHash, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
import { brokenLaws, earn, endMonths, monthClosed, monthsAsked } from './ledger-builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
beforeEach(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
});
afterEach(async () => {
  expect(await brokenLaws(sql)).toEqual([]);
  await sql.end();
  await bank.stop();
});

const assetId = '00000000-0000-4000-8000-0000000000aa';
const held = {
  realizedGain: '-1.5',
  positions: [
    {
      ...{ assetId, symbol: 'ABC', quantity: '2.5', cost: '40', price: '20' },
      ...{ priceAt: '2026-11-30T20:59:59.000Z', value: '50' },
    },
  ],
};

type Statement = Record<string, unknown> & { month: string; json: string; csv: string };

async function statementsOf({ id, viewer }: TestAccount): Promise<Statement[]> {
  const answer = await bank.as(viewer)(
    `query ($id: ID!) { account(id: $id) { statements { nodes {
       month opening { amount } closing { amount } debt { amount } realizedGain { amount }
       fees { commission { amount } sec { amount } taf { amount } total { amount } }
       positions { symbol quantity cost { amount } price priceAt value { amount } }
       positionsValue { amount } json csv sha256 from to
       entries { nodes { kind amount { amount } balance { amount } } } } } } }`,
    { id },
  );
  if (!answer.data?.['account']) throw new Error(JSON.stringify(answer.errors));
  const { statements } = answer.data['account'] as { statements: { nodes: Statement[] } };
  return statements.nodes;
}
const closings = (all: readonly Statement[]) =>
  all.map(({ month, opening, closing }) => [
    month,
    (opening as { amount: string }).amount,
    (closing as { amount: string }).amount,
  ]);

test('a month shows activities, holdings, fees and gain, and says that it is ready', async () => {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '100' });
  const order = anOrder(account.id);
  await deliver(bank, created(order, '50'));
  await deliver(bank, filled(order, { value: '40', commission: '0.40' }), completed(order, 1));
  const sale = anOrder(account.id, 'SELL');
  await deliver(bank, filled(sale, { value: '10', commission: '1', sec: '0.01', taf: '0.02' }));
  bank.clock.moveTo('2026-12-01T05:05:00.000Z');
  await endMonths(bank, account.id, held);

  const [statement, ...others] = await statementsOf(account);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({
    month: '2026-11',
    from: '2026-11-01T04:00:00.000Z',
    to: '2026-12-01T05:00:00.000Z',
    opening: { amount: '0.00' },
    closing: { amount: '68.57' },
    debt: { amount: '0.00' },
    realizedGain: { amount: '-1.50' },
    fees: {
      commission: { amount: '1.40' },
      sec: { amount: '0.01' },
      taf: { amount: '0.02' },
      total: { amount: '1.43' },
    },
    positions: [
      { symbol: 'ABC', quantity: '2.5', cost: { amount: '40.00' }, value: { amount: '50.00' } },
    ],
    positionsValue: { amount: '50.00' },
  });
  expect(JSON.parse(statement?.json ?? '{}').entries.at(-1).balance).toBe('68.57');
  const [ready] = await bank.published('accounts.statement-ready.v1');
  expect(ready?.payload).toEqual({
    ...{ accountId: account.id, month: '2026-11', closing: '68.57', currency: 'USD' },
    sha256: statement?.['sha256'],
  });
});

test('the same data give the same bytes, whose digest is kept with them', async () => {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '5' });
  bank.clock.moveTo('2026-12-02T00:00:00.000Z');
  await endMonths(bank, account.id, held);
  const [first] = await statementsOf(account);
  // Again, by all the same steps: what is said twice is not written twice, nor otherwise.
  await endMonths(bank, account.id, { ...held, realizedGain: '7' });
  const [second] = await statementsOf(account);
  expect(second).toEqual(first);
  expect(first?.['sha256']).toBe(
    createHash('sha256')
      .update(first?.json ?? '')
      .digest('hex'),
  );
  expect(first?.csv.split('\r\n')).toEqual(
    expect.arrayContaining(['closing,,,,,,,,,5.00,,,', 'realized gain,,,,,,,,-1.50,,,,']),
  );
});

describe('months', () => {
  test('follow each other, without business too, from the opening of the account on', async () => {
    const account = await anAccount(bank);
    bank.clock.moveTo('2027-02-10T00:00:00.000Z');
    await endMonths(bank, account.id);
    expect(closings(await statementsOf(account))).toEqual([
      ['2027-01', '0.00', '0.00'],
      ['2026-12', '0.00', '0.00'],
      ['2026-11', '0.00', '0.00'],
    ]);
  });

  test('are written in their order, whatever order the answers come in', async () => {
    const account = await anAccount(bank);
    await earn(bank, account, { value: '1' });
    bank.clock.moveTo('2026-12-15T12:00:00.000Z');
    await earn(bank, account, { value: '2' });
    bank.clock.moveTo('2027-01-15T12:00:00.000Z');
    await earn(bank, account, { value: '4' });
    await bank.runJob('ask-for-months');
    const [november, december] = await monthsAsked(bank, account.id);
    if (!november || !december) throw new Error('not asked');
    await deliver(bank, monthClosed(december));
    expect(await statementsOf(account)).toEqual([]);
    await deliver(bank, monthClosed(november));
    expect(closings(await statementsOf(account))).toEqual([
      ['2026-12', '1.00', '3.00'],
      ['2026-11', '0.00', '1.00'],
    ]);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '7.00' });
  });

  test('end at midnight in New York, and are not frozen before that', async () => {
    const account = await anAccount(bank);
    bank.clock.moveTo('2026-12-01T04:59:59.999Z');
    await earn(bank, account, { value: '1' });
    await bank.runJob('ask-for-months');
    expect(await monthsAsked(bank, account.id)).toEqual([]);
    bank.clock.moveTo('2026-12-01T05:00:00.000Z');
    await earn(bank, account, { value: '2' });
    bank.clock.moveTo('2026-12-01T05:05:00.000Z');
    await Promise.all([bank.runJob('ask-for-months'), bank.runJob('ask-for-months')]);
    expect(await monthsAsked(bank, account.id)).toHaveLength(1);
    await endMonths(bank, account.id);
    expect(closings(await statementsOf(account))).toEqual([['2026-11', '0.00', '1.00']]);
  });

  test('hold what was booked in them: a late fact is of the month of its booking', async () => {
    const account = await anAccount(bank);
    const order = anOrder(account.id, 'SELL');
    bank.clock.moveTo('2026-12-01T05:05:00.000Z');
    await endMonths(bank, account.id);
    await deliver(bank, filled(order, { value: '9' })); // executed on 20 November
    bank.clock.moveTo('2027-01-01T05:05:00.000Z');
    await endMonths(bank, account.id);
    expect(closings(await statementsOf(account))).toEqual([
      ['2026-12', '0.00', '9.00'],
      ['2026-11', '0.00', '0.00'],
    ]);
  });

  test('carry what is owed', async () => {
    const account = await anAccount(bank);
    const order = anOrder(account.id);
    await earn(bank, account, { value: '10' });
    await deliver(bank, created(order, '10'), completed(order, 0, 4));
    await deliver(bank, filled(order, { value: '30', late: true }));
    bank.clock.moveTo('2026-12-10T12:00:00.000Z');
    await earn(bank, account, { value: '25' });
    bank.clock.moveTo('2027-01-02T12:00:00.000Z');
    await endMonths(bank, account.id);
    const debts = (await statementsOf(account)).map(({ month, debt }) => [month, debt]);
    expect(debts).toEqual([
      ['2026-12', { amount: '0.00' }],
      ['2026-11', { amount: '20.00' }],
    ]);
  });
});

test('one is found by its month; a month without one and foreign ones are null', async () => {
  const account = await anAccount(bank);
  const other = await anAccount(bank);
  bank.clock.moveTo('2026-12-02T00:00:00.000Z');
  await endMonths(bank, account.id);
  const ask = (who: TestAccount, month: string) =>
    bank.as(who.viewer)(
      'query ($id: ID!, $month: String!) { statement(accountId: $id, month: $month) { id } }',
      { id: account.id, month },
    );
  const answers = await Promise.all([
    ask(account, '2026-11'),
    ask(account, '2026-12'),
    ask(account, 'November'),
    ask(other, '2026-11'),
  ]);
  expect(answers.map(({ data }) => data?.['statement'])).toEqual([
    ...[{ id: `${account.id}:2026-11` }, null, null, null],
  ]);
});

test('no statement is written that the ledger denies', async () => {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '5' });
  await sql(
    `INSERT INTO activity (account_id, at, kind, amount, currency)
     VALUES ('${account.id}', now(), 'CORRECTION', 1, 'USD')`,
  );
  bank.clock.moveTo('2026-12-02T00:00:00.000Z');
  await endMonths(bank, account.id);
  expect(await statementsOf(account)).toEqual([]);
  const [parked] = await bank.deps.db.parkedEvent.findMany();
  expect(parked?.error).toContain('closes with 6, the ledger says 5');
  await sql(
    `INSERT INTO activity (account_id, at, kind, amount, currency)
     VALUES ('${account.id}', now(), 'CORRECTION', -1, 'USD')`,
  );
});

describe('the database itself', () => {
  const row = (accountId: string, month: string, opening: string) => {
    const digest = createHash('sha256').update('{}').digest('hex');
    return `INSERT INTO "statement" (account_id, month, currency, opening, closing, owed,
      through_activity, json, csv, sha256, created_at)
      VALUES ('${accountId}', '${month}', 'USD', ${opening}, 0, 0, 0, '{}', '',
              '${digest}', now())`;
  };

  test('lets statements follow each other only, with a digest that is right', async () => {
    const id = randomUUID();
    await expect(sql(row(id, '2026-01', '5'))).rejects.toThrow(/opens with nothing/);
    const forged = row(id, '2026-01', '0').replace("'{}'", "'{ }'");
    await expect(sql(forged)).rejects.toThrow(/statement_digest/);
    await sql(row(id, '2026-01', '0'));
    await expect(sql(row(id, '2026-03', '0'))).rejects.toThrow(/does not follow/);
    await expect(sql(row(id, '2026-02', '1'))).rejects.toThrow(/does not follow/);
    await expect(sql('UPDATE "statement" SET closing = 1')).rejects.toThrow(/append-only/);
    await expect(sql('DELETE FROM closed_month')).rejects.toThrow(/append-only/);
  });
});

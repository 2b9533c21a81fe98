import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  anAccount,
  anOrder,
  completed,
  created,
  deliver,
  filled,
  resultOf,
  type TestAccount,
} from './builders.ts';
import { earn } from './ledger-builders.ts';
import { type Bank, startBank } from './support/bank.ts';
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

type Node = { kind: string; amount: { amount: string }; [name: string]: unknown };
type Page = {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

async function feedOf({ id, viewer }: TestAccount, args = {}): Promise<Page> {
  const answer = await bank.as(viewer)(
    `query ($id: ID!, $first: Int, $after: String, $filter: ActivityFilter) { account(id: $id) {
       activities(first: $first, after: $after, filter: $filter) { nodes {
         id kind at amount { amount } value { amount } symbol quantity status
         orderId executionId paymentId transactionId }
       pageInfo { hasNextPage endCursor } } } }`,
    { id, first: 100, ...args },
  );
  if (!answer.data?.['account']) throw new Error(JSON.stringify(answer.errors));
  return (answer.data['account'] as { activities: Page }).activities;
}
const told = ({ nodes }: Page) => nodes.map(({ kind, amount }) => [kind, amount.amount]);
const money = ['DEPOSIT', 'BUY', 'SALE', 'COMMISSION', 'SEC_FEE', 'TAF_FEE', 'DEBT', 'DEBT_REPAID'];

test('a trade is told by its parts, with what it was about and where it is booked', async () => {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '100' });
  const order = anOrder(account.id);
  await deliver(bank, created(order, '50'));
  const fill = filled(order, { executionId: 'first', value: '40', commission: '0.40' });
  await deliver(bank, fill, completed(order, 1));
  const page = await feedOf(account, { filter: { orderId: order.orderId } });
  const [row] = await sql(`SELECT id FROM transaction WHERE order_id = '${order.orderId}'`);
  const links = { orderId: order.orderId, executionId: 'first', transactionId: row?.['id'] };
  expect(page.nodes).toMatchObject([
    { ...links, kind: 'COMMISSION', amount: { amount: '-0.40' }, value: null, symbol: null },
    { ...links, kind: 'BUY', amount: { amount: '-40.00' }, symbol: 'ABC', quantity: '1' },
  ]);
  expect(page.nodes.at(-1)).toMatchObject({ value: { amount: '40.00' }, paymentId: null });
});

test('all that moves cash sums to the cash, and debt is told as what it is', async () => {
  const account = await anAccount(bank);
  const order = anOrder(account.id);
  await earn(bank, account, { value: '20' });
  await deliver(bank, created(order, '20'), completed(order, 0, 4));
  await deliver(bank, filled(order, { value: '50', commission: '1', late: true }));
  const sale = anOrder(account.id, 'SELL');
  await deliver(bank, filled(sale, { value: '40', commission: '1', sec: '0.02', taf: '0.01' }));
  expect(told(await feedOf(account, { filter: { kinds: money } }))).toEqual([
    ['DEBT_REPAID', '-31.00'],
    ['TAF_FEE', '-0.01'],
    ['SEC_FEE', '-0.02'],
    ['COMMISSION', '-1.00'],
    ['SALE', '40.00'],
    ['COMMISSION', '-1.00'],
    ['BUY', '-50.00'],
    ['DEBT', '31.00'],
    ['SALE', '20.00'],
  ]);
  const all = await feedOf(account);
  const cents = all.nodes.map(({ amount }) => Math.round(Number(amount.amount) * 100));
  expect(cents.reduce((sum, one) => sum + one, 0)).toBe(797);
  const states = all.nodes.filter(({ kind }) => kind === 'ACCOUNT_STATE');
  expect(states.map(({ status }) => status)).toEqual([
    ...['ACTIVE', 'LIMITED', 'ACTIVE', 'SUBMITTED', 'ONBOARDING'],
  ]);
});

test('a settlement is told once and moves no cash', async () => {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '12.34', settlementDate: '2020-01-02' });
  await bank.runJob('settle-due');
  await bank.runJob('settle-due');
  const page = await feedOf(account, { filter: { kinds: ['SETTLEMENT'] } });
  expect(page.nodes).toMatchObject([
    { kind: 'SETTLEMENT', amount: { amount: '0.00' }, value: { amount: '12.34' } },
  ]);
});

describe('pages', () => {
  test('of any size and filter show every activity once, newest first', async () => {
    const account = await anAccount(bank);
    for (let n = 1; n <= 7; n += 1) {
      await deliver(
        bank,
        filled(anOrder(account.id, 'SELL'), { value: `${n}`, commission: '0.10' }),
      );
      bank.clock.advance(n % 2 === 0 ? 1_000 : 0);
    }
    const whole = await feedOf(account);
    for (const filter of [{}, { kinds: ['SALE', 'COMMISSION'] }, { kinds: ['COMMISSION'] }]) {
      const expected = (await feedOf(account, { filter })).nodes;
      const kinds = 'kinds' in filter ? filter.kinds : null;
      const all = whole.nodes.filter(({ kind }) => !kinds || kinds.includes(kind));
      expect(expected).toEqual(all);
      for (const first of [1, 3, 4]) {
        const seen: Node[] = [];
        let after: string | null = null;
        do {
          const page: Page = await feedOf(account, { first, after, filter });
          expect(page.nodes.length).toBeLessThanOrEqual(first);
          seen.push(...page.nodes);
          after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        } while (after !== null);
        expect(seen).toEqual(all);
      }
    }
  });

  test('from and to cut at their instants', async () => {
    const account = await anAccount(bank);
    const from = bank.clock.now().toISOString();
    await earn(bank, account, { value: '1' });
    bank.clock.advance(60_000);
    const to = bank.clock.now().toISOString();
    await earn(bank, account, { value: '2' });
    const kinds = ['SALE'];
    const within = await feedOf(account, { filter: { kinds, from, to } });
    const since = await feedOf(account, { filter: { kinds, from: to } });
    expect([told(within), told(since)]).toEqual([[['SALE', '1.00']], [['SALE', '2.00']]]);
  });

  test('that nobody can ask for are refused by name', async () => {
    const { id, viewer } = await anAccount(bank);
    const ask = (args: string) => bank.as(viewer)(`{ account(id: "${id}") { ${args} } }`);
    const answers = await Promise.all([
      ask('activities(first: 101) { nodes { id } }'),
      ask('activities(after: "WzFd") { nodes { id } }'),
      ask('activities(filter: { orderId: "7" }) { nodes { id } }'),
      ask('activitiesCsv(rows: 5001) { rows }'),
    ]);
    const fields = answers.map(({ errors }) => errors?.[0]?.extensions);
    expect(fields).toMatchObject([
      { code: 'BAD_INPUT', field: 'first' },
      { code: 'BAD_INPUT', field: 'after' },
      { code: 'BAD_INPUT', field: 'filter.orderId' },
      { code: 'BAD_INPUT', field: 'rows' },
    ]);
  });

  test('cost what they show: each question has an index of its own and sorts nothing', async () => {
    await sql('SET enable_seqscan = off; SET enable_bitmapscan = off');
    const id = '00000000-0000-4000-8000-000000000001';
    const edge = "at >= '2020-01-01' AND at < '2030-01-01' AND (at, id) < ('2026-01-01', 5)";
    const order = 'ORDER BY at DESC, id DESC LIMIT 21';
    const questions = [
      ['activity_pkey', `account_id = '${id}'`],
      ['activity_account_id_kind_at_id_idx', `account_id = '${id}' AND kind = 'DEPOSIT'`],
      ['activity_order', `order_id = '${id}' AND account_id = '${id}' AND kind = ANY('{BUY}')`],
    ] as const;
    for (const [index, where] of questions) {
      const rows = await sql(`EXPLAIN SELECT * FROM activity WHERE ${where} AND ${edge} ${order}`);
      const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n');
      expect(plan).toContain(`Backward using ${index}`);
      expect(plan).not.toContain('Sort');
    }
  });
});

test('the export continues where it ended, with the same bytes each time', async () => {
  const account = await anAccount(bank);
  const order = anOrder(account.id, 'SELL');
  const nasty = '=cmd|"x",\n';
  await deliver(bank, filled(order, { executionId: nasty, value: '5', commission: '1' }));
  type Csv = { csv: string; rows: number; hasNextPage: boolean; endCursor: string };
  const ask = async (after: string | null): Promise<Csv> => {
    const answer = await bank.as(account.viewer)(
      `query ($id: ID!, $after: String) { account(id: $id) { activitiesCsv(rows: 1, after: $after,
         filter: { kinds: [SALE, COMMISSION] }) { csv rows hasNextPage endCursor } } }`,
      { id: account.id, after },
    );
    return resultOf<{ activitiesCsv: Csv }>(answer, 'account').activitiesCsv;
  };
  const first = await ask(null);
  const second = await ask(first.endCursor);
  expect([first.rows, first.hasNextPage, second.rows, second.hasNextPage]).toEqual([
    ...[1, true, 1, false],
  ]);
  const [head, ...lines] = second.csv.split('\r\n');
  expect(head?.startsWith('at,kind,amount,currency,value,symbol,quantity,')).toBe(true);
  expect(lines.join('\r\n')).toContain(`,SALE,5.00,USD,5.00,ABC,1,,${order.orderId},`);
  expect(lines.join('\r\n')).toContain(`"'=cmd|""x"",\n"`);
  expect(first.csv).toContain(',COMMISSION,-1.00,USD,');
  expect(await ask(null)).toEqual(first);
});

test("nobody reads another customer's feed", async () => {
  const account = await anAccount(bank);
  const other = await anAccount(bank);
  const answer = await bank.as(other.viewer)(
    `query ($id: ID!) { account(id: $id) { activitiesCsv { csv } activities { nodes { id } } } }`,
    { id: account.id },
  );
  expect(answer.data).toEqual({ account: null });
});

import { Decimal } from '@simplebank/kernel/decimal';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BankClient, waitFor } from '../../tools/bank/client.ts';
import { succeeded } from '../../tools/bank/customer.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { strategiesHeard } from './bank/heard.ts';
import { newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
beforeAll(async () => {
  bank = await startWholeBank();
});
afterAll(() => bank?.close());

const createText = `mutation($input: CreateStrategyInput!) { createStrategy(input: $input) {
  __typename
  ... on CreateStrategySuccess { strategy { id } }
  ... on CreateStrategyRefusal { code message } } }`;
const electText = `mutation($input: ElectStrategyInput!) { electStrategy(input: $input) {
  __typename
  ... on ElectStrategySuccess { account { id } }
  ... on ElectStrategyRefusal { code message } } }`;
const startText = `mutation($input: StartRebalanceInput!) { startRebalance(input: $input) {
  __typename
  ... on StartRebalanceSuccess { rebalanceRun { id status } }
  ... on StartRebalanceRefusal { code message } } }`;
const runText = `query($id: ID!) { rebalanceRun(id: $id) { status proceeds { amount }
  items { side symbol status skipReason code wanted { amount } amount { amount } quantity
    filledValue { amount } order { id status side rebalanceRunId quantity } } } }`;
const accountText = `query($id: ID!) { account(id: $id) {
  rebalanceRuns { nodes { id status } }
  orders { id side symbol rebalanceRunId }
  balances { held { amount } available { amount } } } }`;

type Success<Field extends string, Value> = { readonly __typename: string } & {
  readonly [Name in Field]: Value;
};
type Item = {
  readonly side: string;
  readonly symbol: string;
  readonly status: string;
  readonly amount: { readonly amount: string } | null;
  readonly quantity: string | null;
  readonly order: Readonly<Record<string, string>> | null;
};
type Run = {
  readonly status: string;
  readonly proceeds: { readonly amount: string } | null;
  readonly items: readonly Item[];
};

async function newStrategy(name: string, percentages: Readonly<Record<string, string>>) {
  const assets = Object.entries(percentages).map(([assetId, percentage]) => {
    return { assetId, percentage };
  });
  const input = { name, assets, idempotencyKey: `create-${name}` };
  type Created = { readonly createStrategy: Success<'strategy', { readonly id: string }> };
  const answer = await bank.staff.ask<Created>(createText, { input });
  return succeeded(answer.createStrategy, 'creating').strategy.id;
}

async function start(door: BankClient, input: object): Promise<string> {
  type Started = { readonly startRebalance: Success<'rebalanceRun', { readonly id: string }> };
  const answer = await door.ask<Started>(startText, { input });
  return succeeded(answer.startRebalance, 'rebalancing').rebalanceRun.id;
}

const ended = (door: BankClient, id: string): Promise<Run> =>
  waitFor(`the end of rebalancing ${id}`, async () => {
    const { rebalanceRun } = await door.ask<{ readonly rebalanceRun: Run }>(runText, { id });
    return ['QUEUED', 'SELLING', 'BUYING'].includes(rebalanceRun.status) ? null : rebalanceRun;
  });

/** Strategies hears of positions by event; what it has not heard of it does not rebalance. */
async function strategiesKnows(accountId: string, positions: number): Promise<void> {
  const client = new Client({ connectionString: bank.databases['strategies']?.adminUrl });
  await client.connect();
  try {
    await waitFor('the positions in strategies', async () => {
      const text = `SELECT FROM position WHERE account_id = $1 AND quantity > 0 AND reserved = 0`;
      return (await client.query(text, [accountId])).rowCount === positions ? true : null;
    });
  } finally {
    await client.end();
  }
}

test('an account that drifted is brought back by real orders, sales first', async () => {
  const strategyId = await newStrategy('Even halves', { ABC: '50.00', DEF: '50.00' });
  const { door, accountId } = await newInvestor(bank.web, '1000.00');
  const bought = { accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET' } as const;
  const buy = await placeOrder(door, { ...bought, amount: '900.00', idempotencyKey: 'buy' });
  await orderEnds(door, { id: buy.id });
  await strategiesKnows(accountId, 1);

  const refused = await door.ask<{ readonly startRebalance: object }>(startText, {
    input: { accountId, mode: 'FULL', idempotencyKey: 'too soon' },
  });
  expect(refused.startRebalance).toMatchObject({ code: 'NO_ELECTION' });
  const election = { accountId, strategyId, idempotencyKey: 'elect' };
  const { electStrategy } = await door.ask<{
    readonly electStrategy: Success<'account', object>;
  }>(electText, { input: election });
  succeeded(electStrategy, 'electing');

  const wish = { accountId, mode: 'FULL', idempotencyKey: 'rebalance' };
  const id = await start(door, wish);
  const run = await ended(door, id);
  expect(run).toMatchObject({ status: 'COMPLETED' });
  expect(run.items).toMatchObject([
    { side: 'SELL', symbol: 'ABC', status: 'COMPLETED' },
    { side: 'BUY', symbol: 'DEF', status: 'COMPLETED' },
  ]);
  const [sale, purchase] = run.items;
  for (const item of [sale, purchase]) {
    expect(item?.order).toMatchObject({ status: 'FILLED', side: item?.side, rebalanceRunId: id });
  }
  expect(sale?.order?.['quantity']).toBe(sale?.quantity);
  const spent = new Decimal(purchase?.amount?.amount ?? 'NaN');
  expect(spent.lessThanOrEqualTo(run.proceeds?.amount ?? 0)).toBe(true);

  // The same wish again is the same run and makes no other order.
  expect(await start(door, wish)).toBe(id);
  type Seen = {
    readonly account: {
      readonly rebalanceRuns: { readonly nodes: readonly object[] };
      readonly orders: readonly { readonly rebalanceRunId: string | null }[];
      readonly balances: { readonly held: { readonly amount: string } };
    };
  };
  const { account } = await door.ask<Seen>(accountText, { id: accountId });
  expect(account.rebalanceRuns.nodes).toEqual([{ id, status: 'COMPLETED' }]);
  expect(account.orders.map(({ rebalanceRunId }) => rebalanceRunId)).toEqual([id, id, null]);
  await waitFor('the release of what was held', async () => {
    const seen = await door.ask<Seen>(accountText, { id: accountId });
    return seen.account.balances.held.amount === '0.00' ? true : null;
  });
});

test('money goes in over the gaps, and more than there is goes nowhere', async () => {
  const strategyId = await newStrategy('Thirds with cash', {
    ABC: '33.33',
    DEF: '33.33',
    CASH: '33.34',
  });
  const { door, accountId } = await newInvestor(bank.web, '300.00');
  await strategiesHeard(bank, { table: 'account', id: accountId });
  const election = { accountId, strategyId, idempotencyKey: 'elect' };
  await door.ask(electText, { input: election });
  const flow = { accountId, mode: 'CASH_FLOW' };
  const first = await start(door, { ...flow, amount: '200.00', idempotencyKey: 'in' });
  expect(await ended(door, first)).toMatchObject({
    status: 'COMPLETED',
    items: [
      { symbol: 'ABC', amount: { amount: '100.00' } },
      { symbol: 'DEF', amount: { amount: '100.00' } },
    ],
  });
  // The holds decide whether the money is there: 100.00 are left for purchases of 500.00.
  await strategiesKnows(accountId, 2);
  const second = await start(door, { ...flow, amount: '500.00', idempotencyKey: 'too much' });
  expect(await ended(door, second)).toMatchObject({ status: 'FAILED' });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { succeeded } from '../../tools/bank/customer.ts';
import { invest } from '../../tools/bank/trading.ts';
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

type Created = {
  readonly createStrategy: {
    readonly __typename: string;
    readonly code?: string;
    readonly strategy: { readonly id: string };
  };
};

const strategyOf = (name: string, assets: Readonly<Record<string, string>>) => ({
  name,
  idempotencyKey: `create-${name}`,
  assets: Object.entries(assets).map(([assetId, percentage]) => ({ assetId, percentage })),
});

const ordersText = `query($id: ID!) { account(id: $id) {
  orders { symbol amount { amount } status strategyOrderId }
  balances { held { amount } } } }`;

test('1,000.00 in a strategy with 20 % of ABC is an order for 200.00 of ABC', async () => {
  const input = strategyOf('One fifth', { ABC: '20.00', DEF: '80.00' });
  const answer = await bank.staff.ask<Created>(createText, { input });
  const { id: strategyId } = succeeded(answer.createStrategy, 'creating').strategy;
  const { door, accountId } = await newInvestor(bank.web, '1000.00');

  const wish = { strategyId, accountId, amount: '1000.00', idempotencyKey: 'invest' };
  const investment = await invest(door, wish);
  const parts = investment.parts.map(({ symbol, amount }) => [symbol, amount.amount]);
  expect(Object.fromEntries(parts)).toEqual({ ABC: '200.00', DEF: '800.00' });

  type Seen = { readonly account: { readonly orders: readonly object[] } };
  const { account } = await door.ask<Seen>(ordersText, { id: accountId });
  const part = (symbol: string, amount: string) => ({
    symbol,
    amount: { amount },
    status: 'FILLED',
    strategyOrderId: investment.id,
  });
  expect(account.orders).toHaveLength(2);
  expect(account.orders).toEqual(
    expect.arrayContaining([part('ABC', '200.00'), part('DEF', '800.00')]),
  );

  expect((await invest(door, wish)).id).toBe(investment.id);
  expect((await door.ask<Seen>(ordersText, { id: accountId })).account.orders).toHaveLength(2);
});

test('percentages of 99.99 are refused, and nothing is created', async () => {
  const input = strategyOf('A cent short', { ABC: '20.00', DEF: '79.99' });
  const { createStrategy } = await bank.staff.ask<Created>(createText, { input });
  expect(createStrategy.code).toBe('PERCENTAGES_NOT_100');
  type Listed = { readonly strategies: { readonly nodes: readonly { readonly name: string }[] } };
  const { strategies } = await bank.staff.ask<Listed>('{ strategies { nodes { name } } }');
  expect(strategies.nodes.map(({ name }) => name)).not.toContain('A cent short');
});

test('a customer may not create a strategy', async () => {
  const { door } = await newInvestor(bank.web, '1.00');
  const input = strategyOf('Mine', { ABC: '100.00' });
  await expect(door.ask(createText, { input })).rejects.toThrow('FORBIDDEN');
});

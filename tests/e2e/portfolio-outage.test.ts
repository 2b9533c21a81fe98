import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BankClient, waitFor } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let door: BankClient;
let accountId: string;

beforeAll(async () => {
  bank = await startWholeBank();
  ({ door, accountId } = await newInvestor(bank.web, '2000.00'));
  const wish = { accountId, assetId: 'AAPL', side: 'BUY', type: 'MARKET' } as const;
  const { id } = await placeOrder(door, { ...wish, quantity: '2', idempotencyKey: 'buy' });
  await orderEnds(door, { id });
  await waitFor('the shares in holdings', async () => {
    const { data } = await look();
    const [held] = data.account.holdingsPage.nodes;
    return held?.quantity === '2' ? held.value : null;
  });
}, 60_000);
afterAll(() => bank?.close());

const text = `query Portfolio($id: ID!) { account(id: $id) {
  name balances { posted { amount } }
  holdingsPage(first: 50) { nodes {
    symbol quantity price value { amount } cost { amount } unrealizedGain { amount } asOf isStale
    asset { name } } }
  performance(range: MONTH) {
    asOf isStale degraded
    endValue { ... on PerformanceAmount { amount { amount } }
      ... on PerformanceUnavailable { reason } } } } }`;

type Holding = {
  readonly quantity: string;
  readonly value: { readonly amount: string } | null;
  readonly asOf: string | null;
  readonly asset: { readonly name: string } | null;
};
type Screen = {
  readonly data: {
    readonly account: {
      readonly holdingsPage: { readonly nodes: readonly Holding[] };
      readonly performance: object;
    };
  };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  readonly extensions?: object;
};

async function look(): Promise<Screen> {
  const response = await fetch(door.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...door.headers },
    body: JSON.stringify({ query: text, variables: { id: accountId } }),
  });
  return (await response.json()) as Screen;
}

const sixteenMinutesMs = 16 * 60_000;

/** Around the application: time that has passed, a copy that was lost. */
async function inHoldings(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: bank.databases['holdings']?.adminUrl });
  await admin.connect();
  await admin.query(statement).finally(() => admin.end());
}

test('with assets stopped a portfolio tells values, and which of them are old', async () => {
  const before = await look();
  expect(before).not.toHaveProperty('errors');
  const [held] = before.data.account.holdingsPage.nodes;
  expect(held).toMatchObject({ asset: { name: 'AAPL Inc.' }, isStale: false });

  await bank.stop('assets');
  const fresh = await waitFor('an answer from after the stop', async () => {
    const [node] = (await look()).data.account.holdingsPage.nodes;
    return node?.asset === null ? node : null;
  });
  expect(fresh).toMatchObject({ isStale: false });
  await inHoldings(`UPDATE price SET at = at - interval '16 minutes'`);
  const { data, errors, extensions } = await look();
  const [later] = data.account.holdingsPage.nodes;
  const then = new Date(Date.parse(fresh.asOf ?? '') - sixteenMinutesMs).toISOString();
  const quantityOnly = { asset: null, value: null, unrealizedGain: null };
  expect(later).toEqual({ ...fresh, ...quantityOnly, asOf: then, isStale: true });
  expect(later).toMatchObject({ symbol: 'AAPL', quantity: '2' });
  const mark = { dependency: 'assets', kind: 'quantities_only', asOf: then, stale: true };
  expect(extensions).toEqual({ degraded: [mark] });
  expect(data.account.performance).toMatchObject({ isStale: true, asOf: later?.asOf });
  expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(
    new Set(['SUBGRAPH_UNAVAILABLE']),
  );
}, 30_000);

test('with the prices gone quantities and costs are told without a value', async () => {
  await inHoldings('DELETE FROM price');
  const { data } = await look();
  expect(data.account.holdingsPage.nodes).toEqual([
    expect.objectContaining({
      ...{ symbol: 'AAPL', quantity: '2', price: null, value: null },
      ...{ unrealizedGain: null, asOf: null, isStale: true },
      cost: { amount: expect.stringMatching(/^\d+\.\d\d$/) },
    }),
  ]);
  expect(data.account).toMatchObject({
    balances: { posted: { amount: expect.any(String) } },
    performance: { degraded: true, endValue: { reason: 'PRICE_MISSING' } },
  });
  const listed = await fetch(door.url.replace('/graphql', '/holdings'), {
    headers: door.headers,
  });
  expect(listed.status).toBe(200);
  expect(await listed.json()).toEqual([
    expect.objectContaining({ quantity: '2', value: null, degraded: true }),
  ]);
});

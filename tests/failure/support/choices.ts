import type { BankClient } from '../../../tools/bank/client.ts';

/** OPS-56: no request lives longer, whatever is cut. */
export const deadlineMs = 10_000;

export type Asked = { readonly query: string; readonly variables: object };

/** What came of asking once, while an owner does not answer. */
export type Branch = {
  /** Null when nothing was answered. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly codes: readonly string[];
  /** Of an answer that was kept, in seconds; null of one that was made now. */
  readonly age: string | null;
  readonly tookMs: number;
};

type Body = {
  readonly data?: Branch['data'];
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
};

/** Asks once, without patience: the deadline is the caller's, too. */
export async function choose({ url, headers }: BankClient, asked: Asked): Promise<Branch> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(asked),
    signal: AbortSignal.timeout(deadlineMs),
  });
  const { data = null, errors = [] } = (await response.json()) as Body;
  return {
    data,
    codes: [...new Set(errors.map(({ extensions }) => extensions.code))],
    age: response.headers.get('age'),
    tookMs: Math.round(performance.now() - startedAt),
  };
}

const mutation = (name: string, type: string, more = ''): string =>
  `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename ${more} } }`;

/** Each operation of the table in section 3 of the operations page that a customer can ask for. */
export const operations = {
  placeOrder: (input: object): Asked => ({
    query: mutation('placeOrder', 'PlaceOrder', '... on PlaceOrderSuccess { order { id } }'),
    variables: { input: { type: 'MARKET', assetId: 'ABC', quantity: '1', ...input } },
  }),
  cancelOrder: (input: object): Asked => ({
    query: mutation('cancelOrder', 'CancelOrder'),
    variables: { input },
  }),
  withdraw: (input: object): Asked => ({
    query: mutation('createWithdrawal', 'CreateWithdrawal'),
    variables: { input },
  }),
  deposit: (input: object): Asked => ({
    query: mutation('createDeposit', 'CreateDeposit'),
    variables: { input },
  }),
  signIn: (input: object): Asked => ({
    query: mutation('signIn', 'SignIn'),
    variables: { input },
  }),
  invest: (input: object): Asked => ({
    query: mutation('investInStrategy', 'InvestInStrategy'),
    variables: { input },
  }),
  orderOf: (id: string): Asked => ({
    query: 'query($id: ID!) { order(id: $id) { status } }',
    variables: { id },
  }),
  orderList: (id: string): Asked => ({
    query: `query($id: ID!) { account(id: $id) { name
      ordersPage(first: 10) { nodes { id status } } } }`,
    variables: { id },
  }),
  portfolio: (id: string): Asked => ({
    query: `query($id: ID!) { holdings(accountId: $id) { symbol quantity value { amount } asOf } }`,
    variables: { id },
  }),
  statement: (id: string): Asked => ({
    query: `query($id: ID!) { statement(accountId: $id, month: "2026-01") { month } }`,
    variables: { id },
  }),
  investments: (id: string): Asked => ({
    query: `query($id: ID!) { strategyOrders(accountId: $id) { nodes { id } } }`,
    variables: { id },
  }),
  asset: { query: '{ asset(id: "AAPL") { name price } }', variables: {} },
  search: { query: '{ assets(search: "MSFT") { nodes { symbol } } }', variables: {} },
  strategies: { query: '{ strategies(first: 5) { nodes { name } } }', variables: {} },
  notifications: {
    query: '{ notifications(first: 100) { nodes { title } } }',
    variables: {},
  },
} as const;

import type { Operation } from './schedule.ts';

/** A customer as the load knows one. */
export type Lane = {
  readonly authorization: string;
  readonly accountId: string;
  /** Sold from what the customer bought before the load. */
  readonly ownedSymbol: string;
};

export type Wish = {
  readonly operation: Operation;
  readonly lane: Lane;
  /** Never the same twice on one bank. */
  readonly key: string;
  /** Counts the requests of the load; decides symbols, sides and searches. */
  readonly nth: number;
  readonly symbols: readonly string[];
  /** Whom a cancellation is for. */
  readonly orderId?: string | undefined;
};

const placeText = `mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) {
  __typename
  ... on PlaceOrderSuccess { order { id status } }
  ... on PlaceOrderRefusal { code } } }`;

const texts: Readonly<Record<Operation, string>> = {
  quote: `query Quote($id: ID!) { asset(id: $id) {
    symbol name price quote { bid ask last at isStale } } }`,
  'asset list': `query Assets($search: String) { assets(first: 20, search: $search) {
    nodes { id symbol name type sector price } pageInfo { hasNextPage endCursor } } }`,
  portfolio: `query Portfolio($id: ID!) { account(id: $id) {
    id number name status
    balances { posted { amount } available { amount } unsettled { amount } }
    holdingsTotal { positions }
    holdingsPage(first: 20) { nodes {
      symbol name quantity available price value { amount } cost { amount }
      unrealizedGain { amount } asOf isStale } } } }`,
  'order list': `query Orders($id: ID!) { account(id: $id) {
    ordersPage(first: 20) { nodes { id symbol side type status quantity filledQuantity } } } }`,
  activities: `query Activities($id: ID!) { account(id: $id) {
    activities(first: 20) { nodes { id kind } } } }`,
  place: placeText,
  rest: placeText,
  cancel: `mutation Cancel($input: CancelOrderInput!) { cancelOrder(input: $input) {
    __typename ... on CancelOrderRefusal { code } } }`,
  deposit: `mutation Deposit($input: CreateDepositInput!) { createDeposit(input: $input) {
    __typename ... on CreateDepositRefusal { code } } }`,
};

const quantities = ['1', '2', '1', '3'];
/** Every fourth order sells. */
const sellEvery = 4;
/** Nobody sells for that, so that the order rests until it is canceled. */
const restingPrice = '1.00';
/** Whole lists and narrow ones, as people type. */
const searches = [null, 'a', 'm', 'in', 'bank', null, 'co', 's', 'energy', 'p'];

function inputOf({ operation, lane, key: idempotencyKey, nth, symbols, orderId }: Wish): object {
  const { accountId } = lane;
  const symbol = symbols[nth % symbols.length] ?? '';
  if (operation === 'cancel') return { orderId, idempotencyKey };
  if (operation === 'deposit') return { accountId, amount: '25.00', idempotencyKey };
  if (operation === 'rest') {
    const wish = { accountId, assetId: symbol, side: 'BUY', type: 'LIMIT', quantity: '1' };
    return { ...wish, limitPrice: restingPrice, idempotencyKey };
  }
  const sells = nth % sellEvery === sellEvery - 1;
  return {
    accountId,
    assetId: sells ? lane.ownedSymbol : symbol,
    side: sells ? 'SELL' : 'BUY',
    type: 'MARKET',
    quantity: sells ? '1' : quantities[nth % quantities.length],
    idempotencyKey,
  };
}

/** The body of a GraphQL request over HTTP. */
export function bodyOf(wish: Wish): string {
  const { operation, lane, nth, symbols } = wish;
  const query = texts[operation];
  if (operation === 'quote') {
    return JSON.stringify({ query, variables: { id: symbols[nth % symbols.length] } });
  }
  if (operation === 'asset list') {
    return JSON.stringify({ query, variables: { search: searches[nth % searches.length] } });
  }
  const reads =
    operation === 'portfolio' || operation === 'order list' || operation === 'activities';
  const variables = reads ? { id: lane.accountId } : { input: inputOf(wish) };
  return JSON.stringify({ query, variables });
}

type Answer = {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: unknown }[];
};

/** What is wrong with an answer, null for a whole one; the order that it tells of, if any. */
export function judge(text: string): {
  readonly trouble: string | null;
  readonly orderId: string | null;
} {
  const { data, errors = [] }: Answer = JSON.parse(text);
  const [first] = errors;
  if (first) {
    const { code } = (first.extensions ?? {}) as { readonly code?: string };
    return { trouble: code ?? first.message, orderId: null };
  }
  const [answer] = Object.values(data ?? {}) as (Told | null | undefined)[];
  if (!answer) return { trouble: 'no data', orderId: null };
  if (answer.__typename?.endsWith('Refusal')) {
    return { trouble: `refused: ${answer.code}`, orderId: null };
  }
  return { trouble: null, orderId: answer.order?.id ?? null };
}

type Told = {
  readonly __typename?: string;
  readonly code?: string;
  readonly order?: { readonly id: string };
};

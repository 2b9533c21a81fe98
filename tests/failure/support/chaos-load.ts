import { setTimeout as pause } from 'node:timers/promises';
import { createChance } from '@simplebank/testkit/chance';
import type { BankClient } from '../../../tools/bank/client.ts';
import type { Credentials } from '../../../tools/bank/customer.ts';
import { orderEnds, placeOrder } from '../../../tools/bank/trading.ts';
import { newInvestor } from '../../e2e/people.ts';
import { type Insistent, insistent, noTries, type Tries } from './chaos-client.ts';

const deposited = '1000000.00';
const placedWithinMs = 240_000;
const inFlightMax = 20;
const symbols = ['ABC', 'DEF', 'AAPL', 'MSFT'] as const;
/** Shares to sell, bought before anything fails. */
export const stock = { symbol: 'ABC', quantity: '500' } as const;

export type Customer = Insistent & {
  readonly accountId: string;
  readonly deposited: string;
  /** The order that bought what is sold later. */
  readonly stockOrderId: string;
  readonly credentials: Credentials;
};

/** Customers with money and shares, while nothing fails yet. */
export async function newCustomers(web: BankClient, count: number): Promise<readonly Customer[]> {
  const customers: Customer[] = [];
  for (let n = 0; n < count; n += 1) customers.push(await newCustomer(web));
  return customers;
}

async function newCustomer(web: BankClient): Promise<Customer> {
  const { door, accountId, credentials } = await newInvestor(web, deposited);
  const { id } = await placeOrder(door, {
    ...{ accountId, assetId: stock.symbol, side: 'BUY', type: 'MARKET' },
    ...{ quantity: stock.quantity, idempotencyKey: 'stock' },
  });
  await orderEnds(door, { id });
  const options = { url: web.url, credentials, signedIn: door, withinMs: placedWithinMs };
  return { ...insistent(options), ...{ accountId, deposited, stockOrderId: id, credentials } };
}

/** One order as the bank took it. */
export type Placed = {
  readonly customer: Customer;
  readonly key: string;
  readonly orderId: string;
  /** How the order must end: as a whole, or taken back before anything of it was executed. */
  readonly end: 'FILLED' | 'CANCELED';
  readonly quantity: string;
};

export type LoadOptions = {
  readonly customers: readonly Customer[];
  readonly orders: number;
  readonly seed: number;
  /** Absent: as fast as answers come. */
  readonly perSecond?: number;
  /** Sets the orders of several loads on the same customers apart. */
  readonly name?: string;
  /** Of all orders those that are bids and taken back; a tenth unless told. */
  readonly bids?: number;
  /** No order is placed any more once it answers true. */
  readonly enough?: () => boolean;
};

export type Load = {
  readonly tries: Tries;
  /** Orders that were accepted so far. */
  readonly accepted: () => number;
  readonly placed: Promise<readonly Placed[]>;
};

const placeText = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename
  ... on PlaceOrderSuccess { order { id } } ... on PlaceOrderRefusal { code } } }`;
const cancelText = `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename
  ... on CancelOrderSuccess { order { id } } ... on CancelOrderRefusal { code } } }`;

type Wish = {
  readonly key: string;
  readonly input: object;
  readonly end: Placed['end'];
  readonly quantity: string;
};

/** A third are sales; some are bids that nobody meets and that are taken back. */
function drawWishes({ orders, seed, name = 'load', bids = 0.1 }: LoadOptions): readonly Wish[] {
  const chance = createChance(seed);
  return Array.from({ length: orders }, (_, n) => {
    const key = `${name}-${n}`;
    const quantity = String(1 + Math.floor(chance() * 3));
    const kind = chance();
    if (kind < bids) {
      const bid = { side: 'BUY', type: 'LIMIT', limitPrice: '0.01' };
      return { key, quantity, end: 'CANCELED', input: { ...bid, assetId: 'DEF', quantity } };
    }
    const isSale = kind < bids + 0.3;
    const symbol = isSale ? stock.symbol : (symbols[Math.floor(chance() * symbols.length)] ?? '');
    const side = isSale ? 'SELL' : 'BUY';
    const input = { side, type: 'MARKET', assetId: symbol, quantity };
    return { key, quantity, end: 'FILLED', input };
  });
}

type Taken = { readonly order: { readonly id: string } };

/** Places one order, and takes it back where it is one of those; asks until both are accepted. */
async function placeOne(customer: Customer, wish: Wish, tries: Tries): Promise<Placed> {
  const { accountId, insist } = customer;
  const { key, end, quantity } = wish;
  const input = { ...wish.input, accountId, idempotencyKey: key };
  const { order } = await insist<Taken>(placeText, input, tries);
  if (end === 'CANCELED') {
    const cancel = { orderId: order.id, idempotencyKey: `${key}-cancel` };
    await insist<Taken>(cancelText, cancel, tries);
  }
  return { customer, key, orderId: order.id, end, quantity };
}

/** Begins at once; `placed` resolves when every order is accepted and rejects when one is not. */
export function startLoad(options: LoadOptions): Load {
  const { customers, perSecond = Infinity, enough = () => false } = options;
  const wishes = drawWishes(options);
  const tries = noTries();
  const placed: Placed[] = [];
  const startedAt = performance.now();
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < wishes.length; n = next++) {
      const [wish, customer] = [wishes[n], customers[n % customers.length]];
      if (!wish || !customer) return;
      const dueMs = startedAt + (n / perSecond) * 1_000 - performance.now();
      if (dueMs > 0) await pause(dueMs);
      if (enough()) return;
      placed.push(await placeOne(customer, wish, tries));
    }
  };
  const lanes = Promise.all(Array.from({ length: inFlightMax }, lane));
  return { tries, accepted: () => placed.length, placed: lanes.then(() => placed) };
}

import { Decimal, sum } from '@simplebank/kernel/decimal';
import { eventually } from '@simplebank/testkit/eventually';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type BankClient, waitFor } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder, type SeenOrder, seeOrder } from '../../tools/bank/trading.ts';
import { closeFeeds, type Feeds, openFeeds } from '../../tools/reconcile/feeds.ts';
import { reconcile } from '../../tools/reconcile/reconcile.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';
import { type Investor, newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let feeds: Feeds;
let investor: Investor;
const deposited = '1000.00';
const finals = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];
const endWithinMs = 60_000;

beforeAll(async () => {
  bank = await startWholeBank();
  const urls = Object.entries(bank.databases).map(([name, { url }]) => [name, url]);
  feeds = openFeeds(Object.fromEntries(urls));
}, 60_000);
afterAll(async () => {
  if (feeds) await closeFeeds(feeds);
  await bank?.close();
});
beforeEach(async () => {
  investor = await newInvestor(bank.web, deposited);
});

const many = <T>(count: number, make: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => make(nth)));

type Wish = Partial<Parameters<typeof placeOrder>[1]> & { readonly idempotencyKey: string };

const place = (wish: Wish): Promise<SeenOrder> =>
  placeOrder(investor.door, {
    ...{ accountId: investor.accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET' },
    ...wish,
  });

const ended = (door: BankClient, { id }: Pick<SeenOrder, 'id'>): Promise<SeenOrder> =>
  waitFor(
    `the end of order ${id}`,
    async () => {
      const seen = await seeOrder(door, id);
      return seen && finals.includes(seen.status) ? seen : null;
    },
    { withinMs: endWithinMs },
  );

const count = (orders: readonly SeenOrder[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const { status, code } of orders) {
    const name = code ? `${status} ${code}` : status;
    counted[name] = (counted[name] ?? 0) + 1;
  }
  return counted;
};

/** Three books say the same in the end, and between all contexts nothing drifts. */
async function booksAreRight(): Promise<void> {
  const { door, accountId } = investor;
  const orders = await allOrders(door, accountId);
  const expected = booksFrom(orders, deposited);
  await eventually(async () => expect(await booksOf(door, accountId)).toEqual(expected), {
    withinMs: 30_000,
  });
  expect((await reconcile(feeds, { waitMs: 10_000 })).drift).toEqual([]);
}

test('of 50 buys at once on money for 10 exactly 10 are held and 40 refused', async () => {
  const placed = await many(50, (nth) => place({ amount: '100.00', idempotencyKey: `buy-${nth}` }));
  const orders = await many(50, (nth) => ended(investor.door, placed[nth] ?? { id: '' }));
  expect(count(orders)).toEqual({ FILLED: 10, 'REJECTED INSUFFICIENT_FUNDS': 40 });
  const spent = sum(
    orders.map(({ filledValue, fees }) => new Decimal(filledValue.amount).plus(fees.total.amount)),
  );
  expect(spent.lessThanOrEqualTo(deposited)).toBe(true);
  await booksAreRight();
}, 120_000);

const cancelText = `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) {
  __typename ... on CancelOrderRefusal { code } } }`;
type Canceled = { readonly cancelOrder: { readonly __typename: string; readonly code?: string } };

test('100 cancels at once while an order fills: one final state, right books', async () => {
  const { id } = await place({ quantity: '1.5', idempotencyKey: 'raced' });
  const answers = await many(100, (nth) =>
    investor.door.ask<Canceled>(cancelText, {
      input: { orderId: id, idempotencyKey: `cancel-${nth}` },
    }),
  );
  const codes = new Set(answers.flatMap(({ cancelOrder }) => cancelOrder.code ?? []));
  expect([...codes].filter((code) => code !== 'NOT_CANCELABLE')).toEqual([]);
  const end = await ended(investor.door, { id });
  expect(['FILLED', 'CANCELED']).toContain(end.status);
  expect(new Decimal(end.filledQuantity).equals('1.5')).toBe(end.status === 'FILLED');
  await booksAreRight();
}, 120_000);

test('one key sent 100 times at once is one order and 100 equal answers', async () => {
  const answers = await many(100, () => place({ quantity: '1', idempotencyKey: 'the same' }));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  await ended(investor.door, answers[0] ?? { id: '' });
  expect(await allOrders(investor.door, investor.accountId)).toHaveLength(1);
  await booksAreRight();
}, 120_000);

test('of 30 sales at once of a tenth each of what is held exactly 10 are reserved', async () => {
  const bought = await place({ quantity: '1', idempotencyKey: 'stock' });
  await orderEnds(investor.door, bought);
  const placed = await many(30, (nth) =>
    place({ side: 'SELL', quantity: '0.1', idempotencyKey: `sell-${nth}` }),
  );
  const orders = await many(30, (nth) => ended(investor.door, placed[nth] ?? { id: '' }));
  expect(count(orders)).toEqual({ FILLED: 10, 'REJECTED INSUFFICIENT_POSITION': 20 });
  await booksAreRight();
  expect((await booksOf(investor.door, investor.accountId)).positions).toEqual({});
}, 120_000);

test('whoever sells all, bought in odd parts, has exactly nothing left, no lot', async () => {
  const { door, accountId } = investor;
  const odd = ['0.033333333', '0.100000001', '0.066666667'];
  for (const quantity of odd) {
    await orderEnds(door, await place({ quantity, idempotencyKey: `odd-${quantity}` }));
  }
  await orderEnds(door, await place({ amount: '77.77', idempotencyKey: 'by amount' }));
  const all = await waitFor('the shares', async () => {
    const orders = await allOrders(door, accountId);
    const held = (await booksOf(door, accountId)).positions['ABC'] ?? '0';
    return held === sum(orders.map((one) => new Decimal(one.filledQuantity))).toFixed()
      ? held
      : null;
  });
  await orderEnds(door, await place({ side: 'SELL', quantity: all, idempotencyKey: 'all' }));
  await booksAreRight();
  expect((await booksOf(door, accountId)).positions).toEqual({});
}, 120_000);

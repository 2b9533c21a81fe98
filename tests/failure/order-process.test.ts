import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { type EmbeddedBank, startEmbedded } from '../e2e/bank/embedded.ts';
import { until } from '../events/support/until.ts';
import { force } from '../ops/support/damage.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';
import { noTries } from './support/chaos-client.ts';
import { type Customer, newCustomers } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed } from './support/chaos-proof.ts';
import { orderSteps } from './support/order-steps.ts';
import { plant } from './support/planted-fault.ts';

/** As a batch, alone, and once more when it is tried again. */
const refusedTimes = 3;
/** Failed attempts pause for 250 ms, twice as long each time. */
const endWithinMs = 60_000;
const finals = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];

const seed = failureSeed();
let bank: EmbeddedBank;
let customer: Customer;
const counts = { wanted: 0, accepted: 0, completed: 0, lost: 0, doubled: 0 };
const tries = noTries();
const startedAt = performance.now();

beforeAll(async () => {
  // Every event comes twice and in any order: each step runs again while it fails, and after.
  bank = await startEmbedded({ seed, copies: 2 }, { VENUE_REJECT_SYMBOLS: 'DEF' });
  [customer] = (await newCustomers(bank.web, 1)) as [Customer];
}, 120_000);
afterAll(() => bank?.close());

type Wish = { readonly end: string; readonly isCanceled?: true; readonly input: object };
const market = { type: 'MARKET' };
/** Each way that an order can go: executed, taken back, refused by a holder and by the venue. */
const wishes: readonly Wish[] = [
  { end: 'FILLED', input: { ...market, side: 'BUY', assetId: 'AAPL', quantity: '2' } },
  { end: 'FILLED', input: { ...market, side: 'SELL', assetId: 'ABC', quantity: '3' } },
  {
    ...{ end: 'CANCELED', isCanceled: true },
    input: { type: 'LIMIT', limitPrice: '0.01', side: 'BUY', assetId: 'MSFT', quantity: '4' },
  },
  {
    ...{ end: 'CANCELED', isCanceled: true },
    input: { type: 'LIMIT', limitPrice: '9000.00', side: 'SELL', assetId: 'ABC', quantity: '5' },
  },
  { end: 'REJECTED', input: { ...market, side: 'BUY', assetId: 'ABC', amount: '5000000.00' } },
  { end: 'FAILED', input: { ...market, side: 'BUY', assetId: 'DEF', quantity: '1' } },
];

type Taken = { readonly order: { readonly id: string } };
const placeText = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename
  ... on PlaceOrderSuccess { order { id } } ... on PlaceOrderRefusal { code } } }`;
const cancelText = `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename
  ... on CancelOrderRefusal { code } } }`;

const orders = () => allOrders(customer.door(), customer.accountId);
const statusOf = async (id: string) => (await orders()).find((one) => one.id === id)?.status;

async function place({ input }: Pick<Wish, 'input'>, key: string): Promise<string> {
  const { accountId, insist } = customer;
  const wish = { ...input, accountId, idempotencyKey: key };
  return (await insist<Taken>(placeText, wish, tries)).order.id;
}

/** Places one of each, and takes those back that are to be taken back once the venue has them. */
async function playAll(name: string): Promise<ReadonlyMap<string, string>> {
  const ends = new Map<string, string>();
  for (const [nth, wish] of wishes.entries()) {
    const id = await place(wish, `${name}-${nth}`);
    ends.set(id, wish.end);
    if (!wish.isCanceled) continue;
    await until('it is placed', async () => (await statusOf(id)) === 'PLACED', endWithinMs);
    const input = { orderId: id, idempotencyKey: `${name}-${nth}-cancel` };
    await customer.insist(cancelText, input, tries);
  }
  return ends;
}

/** Every order has ended as it had to, cash and shares follow from them, and no process is left. */
async function prove(ends: ReadonlyMap<string, string>): Promise<void> {
  const seen = await waitFor(
    `the end of ${[...ends.values()]}`,
    async () => {
      const all = await orders();
      return all.every(({ status }) => finals.includes(status)) ? all : null;
    },
    { withinMs: endWithinMs },
  );
  const found = new Map(seen.map(({ id, status }) => [id, status]));
  expect([...ends.keys()].map((id) => found.get(id))).toEqual([...ends.values()]);
  const expected = booksFrom(seen, customer.deposited);
  await waitFor(
    'the books to follow',
    async () =>
      isDeepStrictEqual(await booksOf(customer.door(), customer.accountId), expected) || null,
    { withinMs: endWithinMs },
  ).catch(async () => expect(await booksOf(customer.door(), customer.accountId)).toEqual(expected));
  const open = `SELECT step FROM order_process WHERE step <> 'DONE' OR deadline IS NOT NULL`;
  expect(await force({ bank, context: 'orders' }, open)).toEqual([]);
  counts.wanted += ends.size;
  counts.accepted += ends.size;
  counts.completed += ends.size;
  // The order that bought the stock is there beside those of the wishes.
  counts.doubled = seen.length - 1 - counts.accepted;
}

const named = orderSteps.map((fault) => [fault.what, fault] as const);

test.each(named)('the books are right when it fails at first that %s', async (_, fault) => {
  const planted = await plant(bank, fault, refusedTimes);
  try {
    await prove(await playAll(fault.what));
    expect(await planted.tries()).toBeGreaterThan(refusedTimes);
  } finally {
    await planted.remove();
  }
});

const idsIn = async (context: string, sql: string) =>
  (await force({ bank, context }, sql)).map(({ id }) => String(id));

test('while its hold is not confirmed no order goes to the market', async () => {
  const hold = orderSteps.find(({ table }) => table === 'hold');
  if (!hold) throw new Error('no step holds cash');
  const planted = await plant(bank, hold, 1_000);
  const [wish] = wishes as [Wish];
  const id = await place(wish, 'unheld');
  const sent = `SELECT order_id AS id FROM venue_order WHERE order_id = '${id}'`;
  await until('the hold failed again', async () => (await planted.tries()) > refusedTimes);
  expect([await statusOf(id), await idsIn('market', sent)]).toEqual(['RESERVING', []]);
  await planted.remove();
  await prove(new Map([[id, wish.end]]));
});

test('what reached the market had been set aside, all books agree, nothing was lost', async () => {
  const placed = new Set(await idsIn('market', 'SELECT order_id AS id FROM venue_order'));
  const held = `SELECT reference AS id FROM hold WHERE purpose = 'ORDER'`;
  const reserved = `SELECT order_id AS id FROM reservation WHERE state <> 'REFUSED'`;
  const covered = new Set([
    ...(await idsIn('accounts', held)),
    ...(await idsIn('holdings', reserved)),
  ]);
  expect(placed.size).toBeGreaterThan(orderSteps.length);
  expect([...placed].filter((id) => !covered.has(id))).toEqual([]);
  const named = Object.entries(bank.databases).filter(([name]) => name !== 'venue');
  const drift = await driftOf(Object.fromEntries(named.map(([name, { url }]) => [name, url])));
  const endedWithinMs = Math.round(performance.now() - startedAt);
  expectNothingLost('each step failed', {
    ...{ ...counts, attempts: tries.attempts, endedWithinMs, drift },
  });
});

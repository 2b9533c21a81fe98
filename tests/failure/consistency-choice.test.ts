import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { type Credentials, succeeded, type Union } from '../../tools/bank/customer.ts';
import type { Instance } from '../../tools/distributed/fleet.ts';
import { type Investor, newInvestor } from '../e2e/people.ts';
import { until } from '../events/support/until.ts';
import { allOrders, booksFrom, booksOf } from '../support/books.ts';
import { driftOf } from './support/chaos-proof.ts';
import { type Asked, type Branch, choose, deadlineMs, operations } from './support/choices.ts';
import { type OutageFleet, startOutageFleet } from './support/outage-fleet.ts';
import { withoutRedis } from './support/servers.ts';

const deposited = '50000.00';
/** A circuit rests for 30 s, and then one call tries. */
const backWithinMs = 90_000;
const measured: Record<string, number> = {};

let bank: OutageFleet;
let investor: Investor & { readonly credentials: Credentials };
let strategyId = '';
let accepted = 0;

const one = (name: string): Instance => bank.fleet.one(name);
const ask = (asked: Asked): Promise<Branch> => choose(investor.door, asked);
const place = (input: object): Asked =>
  operations.placeOrder({ accountId: investor.accountId, ...input });

type Taken = { readonly __typename: string; readonly order?: { readonly id: string } };
type Order = { readonly status: string };

/** As an order that was accepted; throws when it was not. */
function taken({ data, codes }: Branch): string {
  const { order } = (data?.['placeOrder'] ?? {}) as Taken;
  if (!order) throw new Error(`not taken: ${codes}`);
  accepted += 1;
  return order.id;
}
const statusOf = async (id: string) =>
  ((await ask(operations.orderOf(id))).data?.['order'] as Order | null)?.status;

async function createStrategy(): Promise<string> {
  type Success = Union & { readonly strategy: { readonly id: string } };
  const assets = [{ assetId: 'ABC', percentage: '100.00' }];
  const { createStrategy: told } = await bank.staff.ask<{ createStrategy: Success }>(
    `mutation($input: CreateStrategyInput!) { createStrategy(input: $input) { __typename
      ... on CreateStrategySuccess { strategy { id } }
      ... on CreateStrategyRefusal { code message } } }`,
    { input: { name: 'All of one', assets, idempotencyKey: 'strategy' } },
  );
  return succeeded(told, 'creating a strategy').strategy.id;
}

/** Every owner answers what is asked of it below. */
async function untilWell(): Promise<void> {
  const { accountId } = investor;
  const all = [
    ...[operations.orderList(accountId), operations.portfolio(accountId)],
    ...[operations.investments(accountId), operations.notifications],
    { query: `{ assets(search: "${Math.random()}") { nodes { symbol } } }`, variables: {} },
  ];
  const isWell = async () => (await Promise.all(all.map(ask))).every(({ codes }) => !codes[0]);
  await until('every owner answers', isWell, backWithinMs);
}

/** Nobody answers any more, but connections stay open; then it dies with all it had been told. */
async function cutOff<T>(name: string, work: () => Promise<T>): Promise<T> {
  one(name).hang();
  try {
    return await work();
  } finally {
    await one(name).kill();
    await one(name).restart();
  }
}

function expectInTime(row: string, { tookMs }: Branch): void {
  measured[row] = tookMs;
  expect(tookMs, row).toBeLessThan(deadlineMs);
}
/** A typed error, and nothing in its place. */
function expectConsistent(row: string, branch: Branch, field: string): void {
  expectInTime(row, branch);
  expect([row, branch.codes]).toEqual([row, ['SUBGRAPH_UNAVAILABLE']]);
  expect(branch.data?.[field] ?? null, row).toBeNull();
}
function expectAvailable(row: string, branch: Branch, field: string): void {
  expectInTime(row, branch);
  expect([row, branch.codes]).toEqual([row, []]);
  expect(branch.data?.[field] ?? null, row).not.toBeNull();
}

beforeAll(async () => {
  if (withoutRedis) return;
  // Slow enough that a notice comes when accounts is cut off already.
  bank = await startOutageFleet({ env: { ACCOUNTS_PROVIDER_DELAY_MS: '1500' } });
  investor = await newInvestor(bank.web, deposited);
  strategyId = await createStrategy();
  const stock = taken(await ask(place({ side: 'BUY', quantity: '20', idempotencyKey: 'stock' })));
  await until('there are shares to sell', async () => (await statusOf(stock)) === 'FILLED');
}, 400_000);
afterAll(async () => {
  console.log(`slowest branch of each row, ms: ${JSON.stringify(measured)}`);
  await bank?.close();
}, 60_000);
beforeEach(async () => {
  if (!withoutRedis) await untilWell();
}, backWithinMs);

test.skipIf(withoutRedis)(
  `orders cut off: no order is taken or canceled, none is written, none is guessed${withoutRedis}`,
  async () => {
    const { accountId, door } = investor;
    const before = await allOrders(door, accountId);
    const [first] = before;
    const cancel = { orderId: first?.id, idempotencyKey: 'cut-cancel' };
    const [placing, canceling, listing] = await cutOff('orders', () =>
      Promise.all([
        ask(place({ side: 'BUY', idempotencyKey: 'cut' })),
        ask(operations.cancelOrder(cancel)),
        ask(operations.orderList(accountId)),
      ]),
    );
    expectConsistent('place an order', placing, 'placeOrder');
    expectConsistent('cancel an order', canceling, 'cancelOrder');
    expectInTime('order list', listing);
    expect(listing).toMatchObject({
      ...{ codes: ['SUBGRAPH_UNAVAILABLE'], data: { account: { name: 'Main', ordersPage: null } } },
    });
    await untilWell();
    expect(await allOrders(door, accountId)).toEqual(before);
  },
);

test.skipIf(withoutRedis)(
  `accounts cut off: buys wait, no money moves, no sign-in, who is signed in reads${withoutRedis}`,
  async () => {
    const { accountId, door, credentials } = investor;
    const notice = { accountId, amount: '77.00', idempotencyKey: 'cut-deposit' };
    const told = await ask(operations.deposit(notice));
    expect(told.data).toEqual({ createDeposit: { __typename: 'CreateDepositSuccess' } });
    const taking = { accountId, amount: '10.00', idempotencyKey: 'cut-withdrawal' };
    const [withdrawing, signingIn, statement, reading, id] = await cutOff('accounts', async () => {
      const answers = await Promise.all([
        ask(operations.withdraw(taking)),
        choose(bank.web, operations.signIn(credentials)),
        ask(operations.statement(accountId)),
        ask(operations.portfolio(accountId)),
      ] as const);
      const buying = await ask(place({ side: 'BUY', idempotencyKey: 'without-accounts' }));
      expectAvailable('hold cash: the order is taken', buying, 'placeOrder');
      const order = taken(buying);
      expect(await statusOf(order)).toBe('RESERVING');
      return [...answers, order] as const;
    });
    expectConsistent('withdraw money', withdrawing, 'createWithdrawal');
    expectConsistent('sign in', signingIn, 'signIn');
    expectConsistent('statement', statement, 'statement');
    expectAvailable('verify an access token', reading, 'holdings');
    await untilWell();
    await until('the hold is made', async () => (await statusOf(id)) === 'FILLED', backWithinMs);
    // The deposit's notice comes once more to the accounts that was killed, and nothing else moved.
    const expected = booksFrom(await allOrders(door, accountId), '50077.00');
    await waitFor('the deposit, once', async () => {
      const { cash } = await booksOf(door, accountId);
      return cash === expected.cash ? cash : null;
    });
  },
);

test.skipIf(withoutRedis)(
  `holdings cut off: a sale waits and is never placed before its reservation${withoutRedis}`,
  async () => {
    const id = await cutOff('holdings', async () => {
      const selling = await ask(place({ side: 'SELL', idempotencyKey: 'without-holdings' }));
      expectAvailable('reserve a position: the order is taken', selling, 'placeOrder');
      const order = taken(selling);
      expect(await statusOf(order)).toBe('RESERVING');
      return order;
    });
    await until('it is reserved', async () => (await statusOf(id)) === 'FILLED', backWithinMs);
  },
);

test.skipIf(withoutRedis)(
  `assets cut off: what is public is told with its age, a portfolio from copies${withoutRedis}`,
  async () => {
    const { accountId } = investor;
    for (const asked of [operations.asset, operations.search]) await ask(asked);
    const [asset, search, portfolio] = await cutOff('assets', () =>
      Promise.all([
        ask(operations.asset),
        ask(operations.search),
        ask(operations.portfolio(accountId)),
      ]),
    );
    expectAvailable('asset and quote', asset, 'asset');
    expectAvailable('search', search, 'assets');
    expect([asset.age, search.age]).toEqual([expect.any(String), expect.any(String)]);
    expectAvailable('portfolio and valuation', portfolio, 'holdings');
    expect(portfolio.data?.['holdings']).toEqual([
      expect.objectContaining({ symbol: 'ABC', asOf: expect.any(String) }),
    ]);
  },
);

test.skipIf(withoutRedis)(
  `strategies cut off: the list is told with its age, nothing is invested${withoutRedis}`,
  async () => {
    const { accountId } = investor;
    await ask(operations.strategies);
    const wish = { strategyId, accountId, amount: '100.00', idempotencyKey: 'cut' };
    const [listing, investing] = await cutOff('strategies', () =>
      Promise.all([ask(operations.strategies), ask(operations.invest(wish))]),
    );
    expectAvailable('strategy list', listing, 'strategies');
    expect(listing.age).toEqual(expect.any(String));
    expectConsistent('accept an investment', investing, 'investInStrategy');
    await untilWell();
    const { data } = await ask(operations.investments(accountId));
    expect(data).toEqual({ strategyOrders: { nodes: [] } });
  },
);

type Inbox = { readonly nodes: readonly { readonly title: string }[] };
const salesTold = ({ data }: Branch): number =>
  ((data?.['notifications'] ?? { nodes: [] }) as Inbox).nodes.filter(({ title }) =>
    title.startsWith('Your sale of ABC'),
  ).length;

test.skipIf(withoutRedis)(
  `notifications cut off: messages come late, and none is lost or doubled${withoutRedis}`,
  async () => {
    const salesBefore = salesTold(await ask(operations.notifications));
    await cutOff('notifications', async () => {
      const id = taken(await ask(place({ side: 'SELL', idempotencyKey: 'unheard' })));
      await until('the order is filled', async () => (await statusOf(id)) === 'FILLED');
      expectConsistent('notifications', await ask(operations.notifications), 'notifications');
    });
    await until(
      'the sale is told',
      async () => salesTold(await ask(operations.notifications)) > salesBefore,
      backWithinMs,
    );
    expect(salesTold(await ask(operations.notifications))).toBe(salesBefore + 1);
  },
);

test.skipIf(withoutRedis)(
  `after all that the books agree, and each accepted order ended once${withoutRedis}`,
  async () => {
    const { accountId, door } = investor;
    const orders = await allOrders(door, accountId);
    const completed = orders.filter(({ status }) => status === 'FILLED').length;
    const [lost, doubled] = [accepted - completed, Math.max(0, orders.length - accepted)];
    const drift = await driftOf(bank.databaseUrls);
    console.log(`choices: ${JSON.stringify({ accepted, completed, lost, doubled, drift })}`);
    expect({ completed, lost, doubled }).toEqual({ completed: accepted, lost: 0, doubled: 0 });
    expect(await booksOf(door, accountId)).toEqual(booksFrom(orders, '50077.00'));
  },
);

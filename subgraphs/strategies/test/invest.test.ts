import { randomUUID } from 'node:crypto';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failOverdue } from '../src/commands/fail-overdue.ts';
import {
  accountOpened,
  aSubgraph,
  assetUpdated,
  orderCompleted,
  orderCreated,
  orderRejected,
  payment,
  type Subgraph,
} from './builders.ts';

const [abc, def, halted] = [randomUUID(), randomUUID(), randomUUID()];
const [alice, bob] = [randomUUID(), randomUUID()];
const [account, otherAccount, limited] = [randomUUID(), randomUUID(), randomUUID()];

let subgraph: Subgraph;
let strategyId: string;
let archivedId: string;

const create = `mutation ($input: CreateStrategyInput!) {
  createStrategy(input: $input) { ... on CreateStrategySuccess { strategy { id } } }
}`;
const invest = `mutation ($input: InvestInStrategyInput!) {
  investInStrategy(input: $input) {
    __typename
    ... on InvestInStrategySuccess { strategyOrder { id number status } }
    ... on InvestInStrategyRefusal { code message }
  }
}`;
const cancel = `mutation ($input: CancelStrategyOrderInput!) {
  cancelStrategyOrder(input: $input) {
    ... on CancelStrategyOrderSuccess { strategyOrder { status } }
    ... on CancelStrategyOrderRefusal { code }
  }
}`;
const read = `query ($id: ID!) {
  strategyOrder(id: $id) {
    status strategyVersion accountId account { id } strategy { id }
    amount { amount currency } cash { amount }
    parts { assetId asset { id } symbol percentage amount { amount } status skipReason code
      orderId order { id } }
  }
}`;

beforeAll(async () => {
  subgraph = await aSubgraph();
  await subgraph.worker.applyBatch([
    assetUpdated(abc, { symbol: 'ABC' }),
    assetUpdated(def, { symbol: 'DEF' }),
    assetUpdated(halted, { symbol: 'HLT', state: 'HALTED' }),
    accountOpened(account, { ownerIds: [alice] }),
    accountOpened(otherAccount, { ownerIds: [alice, bob] }),
    accountOpened(limited, { ownerIds: [alice], status: 'LIMITED' }),
  ]);
  strategyId = await createStrategy('Twenty eighty', [
    { assetId: 'ABC', percentage: '20' },
    { assetId: 'DEF', percentage: '70' },
    { assetId: 'CASH', percentage: '10' },
  ]);
  archivedId = await createStrategy('Gone', [{ assetId: 'ABC', percentage: '100' }]);
  const archive = `mutation ($id: ID!) {
    archiveStrategy(input: { strategyId: $id }) { __typename }
  }`;
  await subgraph.client.asStaff('operations').ask(archive, { id: archivedId });
});
afterAll(() => subgraph.close());

async function createStrategy(name: string, assets: readonly object[]): Promise<string> {
  const staff = subgraph.client.asStaff('operations');
  const { createStrategy } = await staff.ask<{ createStrategy: { strategy: { id: string } } }>(
    create,
    { input: { name, assets } },
  );
  return createStrategy.strategy.id;
}

type Answer = {
  readonly __typename: string;
  readonly code?: string;
  readonly strategyOrder: { readonly id: string; readonly number: string; readonly status: string };
};

async function investAs(customerId: string, given: object = {}): Promise<Answer> {
  const input = {
    ...{ strategyId, accountId: account, amount: '1000.00', idempotencyKey: randomUUID() },
    ...given,
  };
  const asker = subgraph.client.asCustomer(customerId);
  return (await asker.ask<{ investInStrategy: Answer }>(invest, { input })).investInStrategy;
}

const readAs = async (customerId: string, id: string) =>
  (await subgraph.client.asCustomer(customerId).ask<{ strategyOrder: never }>(read, { id }))
    .strategyOrder as Record<string, unknown> | null;

const eventsAbout = async (id: string) => {
  const rows = await subgraph.admin.outboxEvent.findMany({
    where: { aggregateId: id },
    orderBy: { aggregateVersion: 'asc' },
  });
  return rows.map(({ type, body }) => ({ type, payload: JSON.parse(body).payload }));
};

test('1,000.00 with 20 % ABC asks for an order of 200.00 of ABC', async () => {
  const { strategyOrder } = await investAs(alice);
  const part = {
    ...{ status: 'REQUESTED', skipReason: null, code: null },
    orderId: null,
    order: null,
  };
  expect(await readAs(alice, strategyOrder.number)).toEqual({
    ...{ status: 'PLACING', strategyVersion: 1, accountId: account, account: { id: account } },
    ...{ strategy: { id: strategyId }, amount: { amount: '1000', currency: 'USD' } },
    cash: { amount: '100' },
    parts: [
      {
        ...{ assetId: abc, asset: { id: abc }, symbol: 'ABC', percentage: '20', ...part },
        amount: { amount: '200' },
      },
      {
        ...{ assetId: def, asset: { id: def }, symbol: 'DEF', percentage: '70', ...part },
        amount: { amount: '700' },
      },
    ],
  });
  expect(await eventsAbout(strategyOrder.id)).toEqual([
    {
      type: 'strategies.strategy-order-ready.v1',
      payload: {
        ...{ strategyOrderId: strategyOrder.id, strategyId, accountId: account, customerId: alice },
        currency: 'USD',
        parts: [
          { assetId: abc, amount: '200' },
          { assetId: def, amount: '700' },
        ],
      },
    },
  ]);
});

test('a hundred equal submissions are one investment and one event', async () => {
  const idempotencyKey = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => investAs(alice, { idempotencyKey })),
  );
  const ids = new Set(answers.map(({ strategyOrder }) => strategyOrder.id));
  expect(ids.size).toBe(1);
  expect(await eventsAbout([...ids][0] ?? '')).toHaveLength(1);
  const other = await investAs(alice, { idempotencyKey, amount: '1001' });
  expect(other.code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test.each([
  ['STRATEGY_NOT_ACTIVE', () => ({ strategyId: archivedId })],
  ['AMOUNT_BELOW_MINIMUM', () => ({ amount: '0.99' })],
  ['AMOUNT_BELOW_MINIMUM', () => ({ amount: '-5' })],
  ['AMOUNT_PRECISION', () => ({ amount: '10.001' })],
  ['ACCOUNT_STATUS', () => ({ accountId: limited })],
  ['PAYMENT_NOT_FOUND', () => ({ paymentId: randomUUID() })],
])('%s is refused and leaves nothing behind', async (code, given) => {
  const before = await subgraph.admin.strategyOrder.count();
  expect(await investAs(alice, given())).toMatchObject({
    __typename: 'InvestInStrategyRefusal',
    code,
  });
  expect(await subgraph.admin.strategyOrder.count()).toBe(before);
});

test('an investment waits for its payment and is placed when it has arrived', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  expect(strategyOrder.status).toBe('WAITING_FOR_PAYMENT');
  expect(await eventsAbout(strategyOrder.id)).toEqual([]);
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'PLACING' });
});

test('a payment that has arrived before places at once, and its late creation changes nothing', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  expect(strategyOrder.status).toBe('PLACING');
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const copy = await subgraph.admin.payment.findUniqueOrThrow({ where: { id } });
  expect(copy.status).toBe('COMPLETED');
});

test('a payment that is told of while the customer invests is waited for', async () => {
  const id = randomUUID();
  const invested = investAs(alice, { paymentId: id });
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  expect((await invested).strategyOrder.status).toBe('WAITING_FOR_PAYMENT');
});

test('news of the payment that arrives at the same time is never missed', async () => {
  const payments = Array.from({ length: 20 }, () => randomUUID());
  await subgraph.worker.applyBatch(
    payments.map((id) => payment('CREATED', { id, accountId: account })),
  );
  const orders = await Promise.all(
    payments.map(async (id) => {
      const [{ strategyOrder }] = await Promise.all([
        investAs(alice, { paymentId: id }),
        subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]),
      ]);
      return strategyOrder.id;
    }),
  );
  const rows = await subgraph.admin.strategyOrder.findMany({ where: { id: { in: orders } } });
  expect(rows.map(({ status }) => status)).toEqual(orders.map(() => 'PLACING'));
});

test.each(['FAILED', 'CANCELED'] as const)(
  'a payment that has %s fails the investment',
  async (end) => {
    const id = randomUUID();
    await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
    const { strategyOrder } = await investAs(alice, { paymentId: id });
    await subgraph.worker.applyBatch([payment(end, { id, accountId: account })]);
    expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'FAILED', parts: [] });
    expect(await eventsAbout(strategyOrder.id)).toMatchObject([
      { type: 'strategies.strategy-order-completed.v1', payload: { status: 'FAILED' } },
    ]);
  },
);

test('a payment pays for one investment, for enough, and on its own account', async () => {
  const [used, small, foreign] = [randomUUID(), randomUUID(), randomUUID()];
  await subgraph.worker.applyBatch([
    payment('CREATED', { id: used, accountId: account }),
    payment('CREATED', { id: small, accountId: account, amount: '999.99' }),
    payment('CREATED', { id: foreign, accountId: otherAccount }),
  ]);
  const [first, second] = await Promise.all([
    investAs(alice, { paymentId: used }),
    investAs(alice, { paymentId: used }),
  ]);
  expect([first?.code, second?.code].toSorted()).toEqual(['PAYMENT_USED', undefined]);
  expect((await investAs(alice, { paymentId: small })).code).toBe('PAYMENT_TOO_SMALL');
  expect((await investAs(alice, { paymentId: foreign })).code).toBe('PAYMENT_OTHER_ACCOUNT');
});

test('an investment is canceled while it waits, then its payment is free again', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  const asker = subgraph.client.asCustomer(alice);
  const input = { strategyOrderId: strategyOrder.id };
  for (let time = 0; time < 2; time += 1) {
    expect(await asker.ask(cancel, { input })).toEqual({
      cancelStrategyOrder: { strategyOrder: { status: 'CANCELED' } },
    });
  }
  expect(await eventsAbout(strategyOrder.id)).toHaveLength(1);
  const next = await investAs(alice, { paymentId: id });
  expect(next.strategyOrder.status).toBe('WAITING_FOR_PAYMENT');
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  const placed = { strategyOrderId: next.strategyOrder.id };
  expect(await asker.ask(cancel, { input: placed })).toEqual({
    cancelStrategyOrder: { code: 'NOT_CANCELABLE' },
  });
});

test('after seven days without its payment an investment has failed', async () => {
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { paymentId: id });
  await failOverdue(subgraph.deps);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'WAITING_FOR_PAYMENT' });
  subgraph.clock.advance(7 * 86_400_000);
  await failOverdue(subgraph.deps);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'FAILED' });
});

test('orders of the parts lead to the same end in any order and number of arrivals', async () => {
  const ends = await Promise.all(
    [1, 2, 3, 4].map(async (seed) => {
      const { strategyOrder } = await investAs(alice);
      const part = (assetId: string) => ({
        ...{
          orderId: randomUUID(),
          strategyOrderId: strategyOrder.id,
          accountId: account,
          assetId,
        },
      });
      const [one, other] = [part(abc), part(def)];
      const bodies = [
        orderCreated(one),
        orderCompleted(one),
        orderCreated(other),
        orderCompleted(other, 'CANCELED'),
      ];
      for (const body of shuffled([...bodies, ...bodies], createChance(seed))) {
        await subgraph.worker.applyBatch([body]);
      }
      const order = await readAs(alice, strategyOrder.id);
      const parts = order?.['parts'] as { orderId: string; status: string }[];
      expect(parts.map(({ orderId }) => orderId)).toEqual([one.orderId, other.orderId]);
      const completed = (await eventsAbout(strategyOrder.id)).filter(({ type }) =>
        type.includes('completed'),
      );
      expect(completed.at(-1)?.payload.status).toBe('COMPLETED_ADJUSTED');
      return [order?.['status'], parts.map(({ status }) => status)];
    }),
  );
  expect(ends).toEqual(ends.map(() => ['COMPLETED_ADJUSTED', ['COMPLETED', 'COMPLETED']]));
});

test('all orders filled and nothing skipped: COMPLETED, and the parts lead to their orders', async () => {
  const { strategyOrder } = await investAs(alice);
  const base = { strategyOrderId: strategyOrder.id, accountId: account };
  const orders = [abc, def].map((assetId) => ({ ...base, assetId, orderId: randomUUID() }));
  await subgraph.worker.applyBatch(orders.map((order) => orderCreated(order)));
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'IN_PROGRESS' });
  await subgraph.worker.applyBatch(orders.map((order) => orderCompleted(order)));
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    status: 'COMPLETED',
    parts: orders.map(({ orderId }) => ({ status: 'COMPLETED', orderId, order: { id: orderId } })),
  });
});

test('a part that orders refuses is skipped with the code, and its money stays', async () => {
  const { strategyOrder } = await investAs(alice);
  const base = { strategyOrderId: strategyOrder.id, accountId: account };
  const filled = { ...base, assetId: def, orderId: randomUUID() };
  await subgraph.worker.applyBatch([
    orderRejected({ ...base, assetId: abc, orderId: null }, 'PRICE_UNAVAILABLE'),
    orderCreated(filled),
    orderCompleted(filled),
  ]);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    status: 'COMPLETED_ADJUSTED',
    parts: [
      { status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code: 'PRICE_UNAVAILABLE', orderId: null },
      { status: 'COMPLETED', skipReason: null },
    ],
  });
});

test('what is halted or too small is skipped; without any order the investment ends at once', async () => {
  const id = await createStrategy('Halted mostly', [
    { assetId: 'HLT', percentage: '99' },
    { assetId: 'ABC', percentage: '1' },
  ]);
  const { strategyOrder } = await investAs(alice, { strategyId: id, amount: '50' });
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    status: 'COMPLETED_ADJUSTED',
    parts: [
      { symbol: 'HLT', skipReason: 'HALTED', amount: { amount: '49.5' } },
      { symbol: 'ABC', skipReason: 'BELOW_MINIMUM', amount: { amount: '0.5' } },
    ],
  });
  expect((await eventsAbout(strategyOrder.id)).map(({ type }) => type)).toEqual([
    'strategies.strategy-order-completed.v1',
  ]);
});

test('a strategy that changes while an investment waits is bought in its new version', async () => {
  const own = await createStrategy('Changing', [{ assetId: 'ABC', percentage: '100' }]);
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { strategyId: own, paymentId: id });
  const publish = `mutation ($input: PublishVersionInput!) {
    publishVersion(input: $input) { __typename }
  }`;
  const assets = [{ assetId: 'DEF', percentage: '100' }];
  await subgraph.client.asStaff('operations').ask(publish, { input: { strategyId: own, assets } });
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    strategyVersion: 2,
    parts: [{ symbol: 'DEF' }],
  });
});

test('what belongs to another customer does not exist; joint owners and staff see it', async () => {
  const { strategyOrder } = await investAs(alice);
  expect(await readAs(bob, strategyOrder.id)).toBeNull();
  const foreign = { strategyId, accountId: account, amount: '10', idempotencyKey: 'key' };
  const asBob = subgraph.client.asCustomer(bob);
  const { errors } = await asBob.answer(invest, { input: foreign });
  expect(errors[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'input.accountId' });
  const canceled = await asBob.answer(cancel, { input: { strategyOrderId: strategyOrder.id } });
  expect(canceled.errors[0]?.extensions?.['code']).toBe('NOT_FOUND');

  const joint = await investAs(alice, { accountId: otherAccount });
  expect(await readAs(bob, joint.strategyOrder.id)).toMatchObject({ status: 'PLACING' });
  const list = `query ($id: ID!) { strategyOrders(accountId: $id) { nodes { id } } }`;
  expect(await asBob.ask(list, { id: otherAccount })).toEqual({
    strategyOrders: { nodes: [{ id: joint.strategyOrder.id }] },
  });
  expect(await asBob.ask(list, { id: account })).toEqual({ strategyOrders: null });
  const support = subgraph.client.asStaff('support');
  const seen = await support.ask<{ strategyOrder: object | null }>(read, { id: strategyOrder.id });
  expect(seen.strategyOrder).toMatchObject({ status: 'PLACING' });
});

test('another context reaches an investment by its key, and only its owner does', async () => {
  const { strategyOrder } = await investAs(alice);
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on StrategyOrder { status } }
  }`;
  const representations = [{ __typename: 'StrategyOrder', id: strategyOrder.id }];
  expect(await subgraph.client.asCustomer(alice).ask(query, { representations })).toEqual({
    _entities: [{ status: 'PLACING' }],
  });
  expect(await subgraph.client.asCustomer(bob).ask(query, { representations })).toEqual({
    _entities: [null],
  });
});

test.each([
  ['input.strategyId', { strategyId: 'x' }],
  ['input.accountId', { accountId: '-1' }],
  ['input.paymentId', { paymentId: 'pay' }],
  ['input.idempotencyKey', { idempotencyKey: '' }],
  ['input.amount', { amount: '1e3' }],
])('bad input names its field: %s', async (field, given) => {
  const input = {
    ...{ strategyId, accountId: account, amount: '10', idempotencyKey: randomUUID() },
    ...given,
  };
  const { errors } = await subgraph.client.asCustomer(alice).answer(invest, { input });
  expect(errors[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
});

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  abc,
  account,
  alice,
  archivedId,
  bob,
  cancel,
  def,
  eventsAbout,
  invest,
  investAs,
  limited,
  otherAccount,
  read,
  readAs,
  strategyId,
  subgraph,
  useInvestors,
} from './investors.ts';

useInvestors();

test('1,000.00 with 20 % ABC asks for an order of 200.00 of ABC', async () => {
  const { strategyOrder } = await investAs(alice);
  const part = {
    ...{ status: 'REQUESTED', skipReason: null, code: null },
    orderId: null,
    order: null,
  };
  expect(await readAs(alice, strategyOrder.number)).toEqual({
    ...{ status: 'PLACING', strategyVersion: 1, accountId: account, account: { id: account } },
    ...{ strategy: { id: strategyId }, amount: { amount: '1000.00', currency: 'USD' } },
    cash: { amount: '100.00' },
    parts: [
      {
        ...{ assetId: abc, asset: { id: abc }, symbol: 'ABC', percentage: '20', ...part },
        amount: { amount: '200.00' },
      },
      {
        ...{ assetId: def, asset: { id: def }, symbol: 'DEF', percentage: '70', ...part },
        amount: { amount: '700.00' },
      },
    ],
  });
  expect(await eventsAbout(strategyOrder.id)).toEqual([
    {
      type: 'strategies.strategy-order-created.v1',
      payload: {
        ...{ strategyOrderId: strategyOrder.id, strategyId, accountId: account, customerId: alice },
        ...{ number: strategyOrder.number, amount: '1000', currency: 'USD', paymentId: null },
      },
    },
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

test('a hundred equal submissions are one investment, told of once', async () => {
  const idempotencyKey = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => investAs(alice, { idempotencyKey })),
  );
  const ids = new Set(answers.map(({ strategyOrder }) => strategyOrder.id));
  expect(ids.size).toBe(1);
  expect((await eventsAbout([...ids][0] ?? '')).map(({ type }) => type)).toEqual([
    'strategies.strategy-order-created.v1',
    'strategies.strategy-order-ready.v1',
  ]);
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
  const counts = () =>
    Promise.all([subgraph.admin.strategyOrder.count(), subgraph.admin.outboxEvent.count()]);
  const before = await counts();
  expect(await investAs(alice, given())).toMatchObject({
    __typename: 'InvestInStrategyRefusal',
    code,
  });
  expect(await counts()).toEqual(before);
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
  const list = `query ($id: ID!) { strategyOrders(accountId: $id) {
    nodes { id } edges { node { id } } } }`;
  expect(await asBob.ask(list, { id: otherAccount })).toEqual({
    strategyOrders: {
      nodes: [{ id: joint.strategyOrder.id }],
      edges: [{ node: { id: joint.strategyOrder.id } }],
    },
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
  ['input.amount', { amount: '1000000000.01' }],
  ['input.amount', { amount: '9999999999999999999999999999999' }],
])('bad input names its field: %s', async (field, given) => {
  const input = {
    ...{ strategyId, accountId: account, amount: '10', idempotencyKey: randomUUID() },
    ...given,
  };
  const { errors } = await subgraph.client.asCustomer(alice).answer(invest, { input });
  expect(errors[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
});

import { describe, expect, test } from 'vitest';
import { anonymous, customer, useBank } from './bank.ts';
import { ids, marketTime } from './builders.ts';
import {
  accountOpened,
  alice,
  anOrder,
  assetUpdated,
  bob,
  type Input,
  place,
  placeOrder,
  prepare,
  quoteChanged,
  read,
  told,
} from './story.ts';

const bank = useBank();
const counts = async () => {
  const { db } = bank.app.deps;
  return Promise.all([
    db.order.count(),
    db.orderEvent.count(),
    db.orderProcess.count(),
    db.outboxEvent.count(),
  ]);
};

test('a placed order is recorded whole, answers RESERVING and asks for its hold', async () => {
  await prepare(bank);
  const input = anOrder({ idempotencyKey: 'first' });
  const { data, errors } = await bank.ask(alice, placeOrder, { input });
  const [row] = await bank.app.deps.db.order.findMany();
  const id = row?.id ?? 'no order';
  expect({ data, errors }).toEqual({
    data: {
      placeOrder: {
        __typename: 'PlaceOrderSuccess',
        order: { id, status: 'RESERVING', quantity: '10' },
      },
    },
    errors: [],
  });
  expect(await read(bank, id)).toEqual({
    id,
    status: 'RESERVING',
    code: null,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'DAY',
    symbol: 'ABC',
    name: 'Alphabet Blocks',
    quantity: '10',
    filledQuantity: '0',
    leavesQuantity: '10',
    amount: null,
    limitPrice: { amount: '50.00' },
    averagePrice: null,
    filledValue: { amount: '0.00' },
    fees: { total: { amount: '0.00' }, commission: { amount: '0.00' }, sec: { amount: '0.00' } },
    lateFill: false,
    strategyOrderId: null,
    rebalanceRunId: null,
    account: { id: ids.account },
    asset: { id: ids.asset },
    executions: [],
  });
  expect(await bank.outbox('orders.order-created.v1')).toEqual([
    {
      type: 'orders.order-created.v1',
      aggregateId: id,
      aggregateVersion: 1,
      correlationId: 'request-1',
      causationId: null,
      payload: {
        orderId: id,
        accountId: ids.account,
        assetId: ids.asset,
        symbol: 'ABC',
        side: 'BUY',
        currency: 'USD',
        customerId: ids.alice,
        type: 'LIMIT',
        timeInForce: 'DAY',
        quantity: '10',
        amount: null,
        limitPrice: '50',
        stopPrice: null,
        holdAmount: '500.5',
        strategyOrderId: null,
        rebalanceRunId: null,
      },
    },
  ]);
  const process = await bank.app.deps.db.orderProcess.findUnique({ where: { orderId: id } });
  expect(process).toEqual({
    orderId: id,
    step: 'HOLD',
    deadline: new Date(marketTime.getTime() + 120_000),
    attempts: 0,
    correlationId: 'request-1',
    traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/),
  });
  const [line] = bank.lines.filter((one) => one['operation_name'] === 'Place');
  expect([line?.['request_id'], line?.['levelname']]).toEqual(['request-1', 'INFO']);
});

describe('a refusal is an answer, and leaves no row and no event', () => {
  const market = { type: 'MARKET', limitPrice: null };
  const cases: readonly (readonly [string, Input])[] = [
    ['QUANTITY_OR_AMOUNT', { quantity: null }],
    ['QUANTITY_OR_AMOUNT', { amount: '5.00' }],
    ['QUANTITY_NOT_POSITIVE', { quantity: '0' }],
    ['QUANTITY_NOT_POSITIVE', { quantity: '-3' }],
    ['QUANTITY_PRECISION', { quantity: '0.0000000001' }],
    ['AMOUNT_BELOW_MINIMUM', { ...market, quantity: null, amount: '0.99' }],
    ['AMOUNT_PRECISION', { ...market, quantity: null, amount: '1.001' }],
    ['NOT_FRACTIONABLE', { assetId: 'WHL', quantity: '0.5' }],
    ['PRICE_REQUIRED', { limitPrice: null }],
    ['PRICE_NOT_ALLOWED', { type: 'MARKET' }],
    ['PRICE_NOT_POSITIVE', { limitPrice: '0' }],
    ['PRICE_OFF_TICK', { limitPrice: '50.005' }],
    ['TIME_IN_FORCE_NOT_ALLOWED', { timeInForce: 'GTC', quantity: '0.5' }],
    ['ASSET_NOT_TRADABLE', { assetId: 'GONE' }],
    ['ASSET_NOT_TRADABLE', { assetId: '00000000-0000-4000-8000-000000009999' }],
    ['ASSET_SELL_ONLY', { assetId: 'OUT' }],
    ['ASSET_HALTED', { assetId: 'HLT' }],
    ['PRICE_UNAVAILABLE', { ...market, assetId: 'WHL' }],
    ['ACCOUNT_STATUS', { accountId: '103' }],
    ['CURRENCY_MISMATCH', { assetId: 'EUR' }],
    ['ORDER_TOO_LARGE', { quantity: '200001' }],
  ];
  const asset = (nth: number) => `00000000-0000-4000-8000-00000000021${nth}`;

  test.each(cases)('%s %#', async (code, change) => {
    await bank.deliver(
      assetUpdated({ assetId: asset(1), symbol: 'WHL', fractionable: false }),
      assetUpdated({ assetId: asset(2), symbol: 'GONE', state: 'DELISTED' }),
      assetUpdated({ assetId: asset(3), symbol: 'OUT', state: 'SELL_ONLY' }),
      assetUpdated({ assetId: asset(4), symbol: 'HLT', state: 'HALTED' }),
      assetUpdated({ assetId: asset(5), symbol: 'EUR', currency: 'EUR' }),
      accountOpened({
        accountId: '00000000-0000-4000-8000-000000000103',
        number: '103',
        status: 'FROZEN',
      }),
    );
    const before = await counts();
    const { data, errors } = await bank.ask(alice, placeOrder, { input: anOrder(change) });
    const message = expect.any(String);
    expect(errors).toEqual([]);
    expect(data).toEqual({ placeOrder: { __typename: 'PlaceOrderRefusal', code, message } });
    expect(await counts()).toEqual(before);
  });
});

describe('what cannot be an order is an error that names its field, and writes nothing', () => {
  const cases: readonly (readonly [string, string, Input])[] = [
    ['BAD_INPUT', 'input.idempotencyKey', { idempotencyKey: '' }],
    ['BAD_INPUT', 'input.idempotencyKey', { idempotencyKey: 'k'.repeat(129) }],
    ['BAD_INPUT', 'input.idempotencyKey', { idempotencyKey: 'schlüssel' }],
    ['BAD_INPUT', 'input.accountId', { accountId: 'not-an-id' }],
    ['BAD_INPUT', 'input.assetId', { assetId: 'x'.repeat(5_000) }],
    ['BAD_INPUT', 'input.quantity', { quantity: 'ten' }],
    ['BAD_INPUT', 'input.quantity', { quantity: '1e3' }],
    ['BAD_INPUT', 'input.type', { type: 'TRAILING_STOP' }],
    ['BAD_INPUT', 'input.timeInForce', { timeInForce: 'OPG' }],
    ['NOT_FOUND', 'input.accountId', { accountId: '4242' }],
    ['NOT_FOUND', 'input.accountId', { accountId: ids.bobsAccount }],
  ];

  test.each(cases)('%s %s %#', async (code, field, change) => {
    await bank.deliver(
      accountOpened({ accountId: ids.bobsAccount, number: '102', ownerIds: [ids.bob] }),
    );
    const before = await counts();
    const { data, errors } = await bank.ask(alice, placeOrder, { input: anOrder(change) });
    expect(data?.['placeOrder'] ?? null).toBeNull();
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code, field }]);
    expect(await counts()).toEqual(before);
  });

  test('nobody places an order without having signed in, staff not for a customer', async () => {
    const before = await counts();
    const asked = { input: anOrder() };
    const unknown = await bank.ask(anonymous, placeOrder, asked);
    expect(unknown.errors.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
    const staff = await bank.ask(customer(ids.bob, 'operations'), placeOrder, asked);
    expect(staff.errors.map(({ extensions }) => extensions['code'])).toEqual(['NOT_FOUND']);
    expect(await counts()).toEqual(before);
  });
});

describe('an idempotency key', () => {
  test('makes one order and 100 equal answers of 100 equal requests at once', async () => {
    const before = await counts();
    const input = anOrder({ idempotencyKey: 'a hundred times' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => bank.ask(alice, placeOrder, { input })),
    );
    const texts = new Set(answers.map(({ data, errors }) => JSON.stringify({ data, errors })));
    expect([...texts]).toEqual([expect.stringContaining('PlaceOrderSuccess')]);
    const after = await counts();
    expect(after).toEqual(before.map((count) => count + 1));
  });

  test('with another input is refused, with the same meaning it is the first order', async () => {
    const first = anOrder({ idempotencyKey: 'once' });
    const id = await place(bank, first);
    expect(await place(bank, { ...first, quantity: '10.000', accountId: '101' })).toBe(id);

    const { data } = await bank.ask(alice, placeOrder, { input: { ...first, quantity: '11' } });
    expect(data?.['placeOrder']).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('answers the first success even when the order would be refused by now', async () => {
    const first = anOrder({ idempotencyKey: 'before the halt' });
    const id = await place(bank, first);
    await bank.deliver(assetUpdated({ version: 2, state: 'HALTED' }));
    expect(await place(bank, first)).toBe(id);
    await bank.deliver(assetUpdated({ version: 3 }));
  });

  test('of a refused order may be used again', async () => {
    const input = anOrder({ idempotencyKey: 'second try', quantity: '0' });
    await bank.ask(alice, placeOrder, { input });
    expect(await place(bank, { ...input, quantity: '1' })).toEqual(expect.any(String));
  });

  test('finds its order after a lost answer, for its customer only', async () => {
    const id = await place(bank, { idempotencyKey: 'lost answer' });
    const query = '{ orderByKey(key: "lost answer") { id } }';
    expect((await bank.ask(alice, query)).data).toEqual({ orderByKey: { id } });
    expect((await bank.ask(bob, query)).data).toEqual({ orderByKey: null });
  });
});

test('a market buy is held at the collar of the ask; by amount the amount is held', async () => {
  const market = { type: 'MARKET', limitPrice: null };
  await bank.deliver(quoteChanged({ sequence: 2, ask: '51.00' }));
  const byQuantity = await place(bank, { ...market, quantity: '2' });
  const byAmount = await place(bank, { ...market, quantity: null, amount: '200.00' });
  const created = await bank.outbox('orders.order-created.v1');
  const of = (id: string) => created.find(({ aggregateId }) => aggregateId === id)?.payload;
  expect(of(byQuantity)).toMatchObject({ quantity: '2', amount: null, holdAmount: '106.19' });
  expect(of(byAmount)).toMatchObject({ quantity: null, amount: '200', holdAmount: '200' });
  expect(await read(bank, byAmount)).toMatchObject({
    quantity: '0',
    amount: { amount: '200.00', currency: 'USD' },
    leavesQuantity: null,
  });
  expect(await told(bank, byAmount)).toEqual(['1 order-created']);
});

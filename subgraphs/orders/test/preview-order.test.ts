import { beforeAll, expect, test } from 'vitest';
import { anonymous, useBank } from './bank.ts';
import { ids, weekend } from './builders.ts';
import { alice, anOrder, bob, fundsHeld, type Input, place, prepare, told } from './story.ts';
import { everyRow } from './tables.ts';

const bank = useBank();
beforeAll(() => prepare(bank));

const query = `query ($input: PreviewOrderInput!) { previewOrder(input: $input) {
  __typename
  ... on PreviewOrderSuccess { preview {
    account { id } asset { id } symbol name expiresAt reservedQuantity estimatedQuantity
    estimatedPrice { amount currency } estimatedValue { amount } estimatedTotal { amount }
    fees { total { amount } commission { amount } sec { amount } taf { amount } }
    hold { amount currency } warnings { code message } } }
  ... on PreviewOrderRefusal { code message } } }`;

const preview = (change: Input, viewer = alice) => {
  const { idempotencyKey: _, ...input } = anOrder(change);
  return bank.ask(viewer, query, { input });
};

test('a preview answers price, value, fees by kind and hold, and writes nothing', async () => {
  const before = await everyRow(bank.adminUrl);
  const { data, errors } = await preview({ side: 'SELL', type: 'MARKET', limitPrice: null });
  expect(errors).toEqual([]);
  expect(data?.['previewOrder']).toEqual({
    __typename: 'PreviewOrderSuccess',
    preview: {
      account: { id: ids.account },
      asset: { id: ids.asset },
      symbol: 'ABC',
      name: 'Alphabet Blocks',
      expiresAt: '2026-07-15T20:00:00.000Z',
      estimatedQuantity: '10',
      reservedQuantity: '10',
      estimatedPrice: { amount: '49.99', currency: 'USD' },
      estimatedValue: { amount: '499.90' },
      estimatedTotal: { amount: '499.37' },
      fees: {
        total: { amount: '0.53' },
        commission: { amount: '0.50' },
        sec: { amount: '0.02' },
        taf: { amount: '0.01' },
      },
      hold: { amount: '0.00', currency: 'USD' },
      warnings: [],
    },
  });
  expect(await everyRow(bank.adminUrl)).toEqual(before);
});

test('warnings come with words', async () => {
  bank.clock.at = weekend;
  const { data } = await preview({ type: 'STOP', limitPrice: null, stopPrice: '45.00' });
  const warnings = ['MARKET_CLOSED', 'PRICE_STALE', 'STOP_TRIGGERS_AT_ONCE'].map((code) => ({
    code,
    message: expect.stringMatching(/^[A-Z].{10,}\.$/),
  }));
  expect(data?.['previewOrder']).toMatchObject({ preview: { warnings } });
});

test('what is available after it is what accounts says, less the hold', async () => {
  const entity = (available: string | null) => ({
    __typename: 'OrderPreview',
    hold: { amount: '500.50', currency: 'USD' },
    ...(available && {
      account: { balances: { available: { amount: available, currency: 'USD' } } },
    }),
  });
  const after = async (available: string | null) => {
    const text = `query ($keys: [_Any!]!) { _entities(representations: $keys) {
      ... on OrderPreview { availableAfter { amount currency } } } }`;
    return (await bank.ask(alice, text, { keys: [entity(available)] })).data?.['_entities'];
  };
  const dollars = (amount: string) => [{ availableAfter: { amount, currency: 'USD' } }];
  expect(await after('1000.00')).toEqual(dollars('499.50'));
  expect(await after('500.49')).toEqual(dollars('-0.01'));
  expect(await after(null)).toEqual([{ availableAfter: null }]);
});

test('only the owner of an account may look ahead on it', async () => {
  const foreign = await preview({}, bob);
  expect(foreign.errors.map(({ extensions }) => extensions)).toEqual([
    { code: 'NOT_FOUND', field: 'input.accountId' },
  ]);
  const unknown = await preview({}, anonymous);
  expect(unknown.errors.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
});

test.each<readonly [string, Input, object]>([
  ['STOP', { limitPrice: null, stopPrice: '60.00' }, { limitPrice: '62.4', stopPrice: '60' }],
  [
    'STOP_LIMIT',
    { limitPrice: '61.00', stopPrice: '60.00' },
    { limitPrice: '61', stopPrice: '60' },
  ],
  ['LIMIT', { timeInForce: 'IOC' }, { limitPrice: '50', stopPrice: null, timeInForce: 'IOC' }],
  ['LIMIT', { timeInForce: 'FOK' }, { limitPrice: '50', stopPrice: null, timeInForce: 'FOK' }],
])('a %s order goes to the venue with its prices and its time %#', async (type, change, sent) => {
  const id = await place(bank, { type, ...change });
  await bank.deliver(fundsHeld(id));
  expect(await told(bank, id)).toEqual(['1 order-created', '3 order-opened']);
  const [opened] = (await bank.outbox('orders.order-opened.v1')).slice(-1);
  expect(opened?.payload).toMatchObject({ orderId: id, type, ...sent });
  const text = `{ order(id: "${id}") { type timeInForce stopPrice { amount } } }`;
  const { data } = await bank.ask(alice, text);
  const stopPrice = change['stopPrice'] ? { amount: change['stopPrice'] } : null;
  expect(data?.['order']).toMatchObject({ type, stopPrice });
});

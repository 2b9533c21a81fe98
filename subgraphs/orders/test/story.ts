import { randomUUID } from 'node:crypto';
import { AccountOpenedV1, FundsHeldV1, FundsRefusedV1 } from '@simplebank/contracts/accounts';
import { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import { PositionRefusedV1, PositionReservedV1 } from '@simplebank/contracts/holdings';
import {
  OrderCancelRefusedV1,
  OrderFailedV1,
  OrderPlacedV1,
  QuoteChangedV1,
  TradeExecutedV1,
  VenueOrderCanceledV1,
  VenueOrderExpiredV1,
} from '@simplebank/contracts/market';
import { findHistory } from '../src/data/history.ts';
import { findOrders } from '../src/data/orders.ts';
import { replay } from '../src/domain/history.ts';
import { type Bank, customer, tell } from './bank.ts';
import { ids, marketTime } from './builders.ts';

export const alice = customer(ids.alice);
export const bob = customer(ids.bob);

type Copy<P> = Partial<P> & { readonly version?: number };

export const accountOpened = ({ version = 1, ...change }: Copy<AccountOpenedV1> = {}) => {
  const payload: AccountOpenedV1 = {
    accountId: ids.account,
    number: '101',
    ownerIds: [ids.alice],
    currency: 'USD',
    status: 'ACTIVE',
    ...change,
  };
  return tell(AccountOpenedV1, payload.accountId, { payload, version });
};

export const assetUpdated = ({ version = 1, ...change }: Copy<AssetUpdatedV1> = {}) => {
  const payload: AssetUpdatedV1 = {
    assetId: ids.asset,
    symbol: 'ABC',
    name: 'Alphabet Blocks',
    type: 'STOCK',
    sector: null,
    currency: 'USD',
    fractionable: true,
    state: 'ACTIVE',
    ...change,
  };
  return tell(AssetUpdatedV1, payload.assetId, { payload, version });
};

type Quoted = QuoteChangedV1['quotes'][number];
export const quoteChanged = (change: Partial<Quoted> = {}) => {
  const quote = {
    assetId: ids.asset,
    bid: '49.99',
    ask: '50.00',
    last: '50.00',
    sequence: 1,
    at: marketTime.toISOString(),
    ...change,
  };
  return tell(QuoteChangedV1, 'quotes', { payload: { quotes: [quote] }, version: quote.sequence });
};

const { account: accountId, asset: assetId } = ids;
export const fundsHeld = (orderId: string) =>
  tell(FundsHeldV1, orderId, { payload: { orderId, accountId, amount: '1', currency: 'USD' } });
export const fundsRefused = (orderId: string) =>
  tell(FundsRefusedV1, orderId, {
    payload: { orderId, accountId, code: 'INSUFFICIENT_FUNDS' },
  });
export const positionReserved = (orderId: string) =>
  tell(PositionReservedV1, orderId, { payload: { orderId, accountId, assetId, quantity: '1' } });
export const positionRefused = (orderId: string) =>
  tell(PositionRefusedV1, orderId, {
    payload: { orderId, accountId, assetId, code: 'INSUFFICIENT_POSITION' },
  });
export const placedAtVenue = (orderId: string) =>
  tell(OrderPlacedV1, orderId, {
    payload: { orderId, venueOrderId: `V-${orderId}`, placedAt: marketTime.toISOString() },
  });
export const executed = (orderId: string, nth: number, [quantity, price]: [string, string]) =>
  tell(TradeExecutedV1, orderId, {
    payload: {
      orderId,
      executionId: `${orderId}-${nth}`,
      quantity,
      price,
      executedAt: marketTime.toISOString(),
    },
    version: nth + 1,
  });
export const venueCanceled = (orderId: string, executions: number) =>
  tell(VenueOrderCanceledV1, orderId, { payload: { orderId, executions }, version: 9 });
export const venueExpired = (orderId: string, executions: number) =>
  tell(VenueOrderExpiredV1, orderId, { payload: { orderId, executions }, version: 9 });
export const venueRejected = (orderId: string, executions = 0) =>
  tell(OrderFailedV1, orderId, {
    payload: { orderId, executions, code: 'VENUE_REJECTED', reason: 'no such symbol' },
    version: 9,
  });
export const cancelRefused = (orderId: string) =>
  tell(OrderCancelRefusedV1, orderId, { payload: { orderId, reason: 'too late' }, version: 8 });

/** What every test here starts from: an account, an asset and its price. */
export const prepare = (bank: Bank): Promise<void> =>
  bank.deliver(accountOpened(), assetUpdated(), quoteChanged());

export type Input = Record<string, string | null>;

export const anOrder = (change: Input = {}): Input => ({
  accountId: ids.account,
  assetId: ids.asset,
  side: 'BUY',
  type: 'LIMIT',
  quantity: '10',
  limitPrice: '50.00',
  idempotencyKey: randomUUID(),
  ...change,
});

export const placeOrder = `mutation Place($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    __typename
    ... on PlaceOrderSuccess { order { id status quantity } }
    ... on PlaceOrderRefusal { code message }
  }
}`;

export const cancelOrder = `mutation Cancel($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    __typename
    ... on CancelOrderSuccess { order { id status } }
    ... on CancelOrderRefusal { code message }
  }
}`;

const orderQuery = `query Read($id: ID!) {
  order(id: $id) {
    id status code side type timeInForce symbol name quantity filledQuantity leavesQuantity
    amount { amount currency } limitPrice { amount } averagePrice { amount }
    filledValue { amount } fees { total { amount } commission { amount } sec { amount } }
    lateFill strategyOrderId rebalanceRunId account { id } asset { id }
    executions { id quantity price { amount } value { amount } fees { total { amount } } late }
  }
}`;

type Shown = Record<string, unknown> & { readonly id: string; readonly status: string };

/** Places an order of alice and answers its id. */
export async function place(bank: Bank, change: Input = {}): Promise<string> {
  const { data, errors } = await bank.ask(alice, placeOrder, { input: anOrder(change) });
  const result = data?.['placeOrder'] as { order?: { id: string }; code?: string } | undefined;
  if (!result?.order) throw new Error(`not placed: ${result?.code} ${JSON.stringify(errors)}`);
  return result.order.id;
}

export async function read(bank: Bank, id: string, viewer = alice): Promise<Shown | null> {
  const { data, errors } = await bank.ask(viewer, orderQuery, { id });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data?.['order'] as Shown | null;
}

/** What left the bank about one order, in the order of its versions. */
export async function told(bank: Bank, orderId: string): Promise<string[]> {
  const rows = await bank.outbox();
  return rows
    .filter(({ aggregateId }) => aggregateId === orderId)
    .sort((a, b) => a.aggregateVersion - b.aggregateVersion)
    .map(({ type, aggregateVersion }) => `${aggregateVersion} ${type.split('.')[1]}`);
}

/** The row and the replay of its history, which must be the same order. */
export async function rowAndReplay(bank: Bank, id: string) {
  const { db } = bank.app.deps;
  const [order] = await findOrders(db, [id]);
  if (!order) throw new Error(`order ${id} is gone`);
  return [order, replay(order, await findHistory(db, order))];
}

import { randomUUID } from 'node:crypto';
import { AccountOpenedV1, type AccountStatusChangedV1 } from '@simplebank/contracts/accounts';
import {
  AssetUpdatedV1,
  CorporateActionEffectiveV1,
  QuotePublishedV1,
} from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { OrderCompletedV1, OrderCreatedV1, OrderFilledV1 } from '@simplebank/contracts/orders';
import { now } from './bench.ts';

type About = { readonly type: string; readonly aggregateId: string; readonly version?: number };

const anEvent = <P>({ type, aggregateId, version = 1 }: About, payload: P): Envelope<P> => ({
  eventId: randomUUID(),
  type,
  aggregateId,
  aggregateVersion: version,
  occurredAt: now.toISOString(),
  correlationId: 'test',
  causationId: null,
  traceparent: null,
  payload,
});

/** An order of one account for one asset; its events are made of it. */
export type Order = {
  readonly orderId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly side: 'BUY' | 'SELL';
};
export const anOrder = (order: Omit<Order, 'orderId'>): Order => ({
  ...order,
  orderId: randomUUID(),
});

const common = (order: Order) => ({ ...order, symbol: 'ABC', currency: 'USD' });

export const created = (order: Order, quantity: string): Envelope<OrderCreatedV1> =>
  anEvent(
    { type: OrderCreatedV1.name, aggregateId: order.orderId },
    {
      ...common(order),
      customerId: randomUUID(),
      type: 'MARKET',
      timeInForce: 'DAY',
      quantity,
      amount: null,
      limitPrice: null,
      holdAmount: null,
      strategyOrderId: null,
    },
  );

export type Fill = {
  readonly quantity: string;
  readonly value: string;
  readonly fee?: string;
  /** Counts the executions of the order; also the minute of the hour at which it happened. */
  readonly nth: number;
  readonly at?: Date;
  readonly executionId?: string;
  readonly late?: boolean;
};

export function filled(order: Order, fill: Fill): Envelope<OrderFilledV1> {
  const { quantity, value, fee = '0', nth, late = false } = fill;
  const at = fill.at ?? new Date(now.getTime() + nth * 60_000);
  return anEvent(
    { type: OrderFilledV1.name, aggregateId: order.orderId, version: nth + 2 },
    {
      ...common(order),
      executionId: fill.executionId ?? `${order.orderId}-${nth}`,
      quantity,
      price: '10',
      value,
      fees: { commission: fee, sec: '0', taf: '0' },
      cumulativeQuantity: quantity,
      leavesQuantity: '0',
      executions: nth,
      executedAt: at.toISOString(),
      tradeDate: at.toISOString().slice(0, 10),
      settlementDate: at.toISOString().slice(0, 10),
      late,
    },
  );
}

export const completed = (order: Order, executions: number): Envelope<OrderCompletedV1> =>
  anEvent(
    { type: OrderCompletedV1.name, aggregateId: order.orderId, version: executions + 9 },
    {
      ...common(order),
      code: null,
      strategyOrderId: null,
      customerId: randomUUID(),
      status: executions > 0 ? 'FILLED' : 'CANCELED',
      filledQuantity: '0',
      value: '0',
      fees: '0',
      executions,
    },
  );

type Copy = Pick<AccountStatusChangedV1, 'accountId' | 'number' | 'ownerIds'>;

export const opened = (account: Copy, status: AccountOpenedV1['status'] = 'ACTIVE', version = 1) =>
  anEvent(
    { type: AccountOpenedV1.name, aggregateId: account.accountId, version },
    { ...account, currency: 'USD', status },
  );

export const listed = (assetId: string, symbol: string, version = 1): Envelope<AssetUpdatedV1> =>
  anEvent(
    { type: AssetUpdatedV1.name, aggregateId: assetId, version },
    {
      assetId,
      symbol,
      name: `${symbol} Inc.`,
      type: 'STOCK',
      sector: null,
      currency: 'USD',
      fractionable: true,
      state: 'ACTIVE',
    },
  );

type Terms = CorporateActionEffectiveV1['terms'];
export type Announced = {
  readonly assetId: string;
  readonly exDate: string;
  readonly terms: Terms;
  readonly actionId?: string;
};

/** The ex-date of a dividend or a split has begun. */
function effective({ actionId = randomUUID(), ...action }: Announced) {
  return anEvent<CorporateActionEffectiveV1>(
    { type: CorporateActionEffectiveV1.name, aggregateId: actionId },
    { actionId, symbol: 'ABC', ...action },
  );
}

export const split = (assetId: string, exDate: string, ratio: string) => {
  const [numerator = 1, denominator = 1] = ratio.split('/').map(Number);
  return effective({ assetId, exDate, terms: { kind: 'SPLIT', numerator, denominator } });
};

export const dividend = (assetId: string, exDate: string, rate: string) =>
  effective({
    ...{ assetId, exDate },
    terms: { kind: 'DIVIDEND', rate, currency: 'USD', payDate: `${exDate.slice(0, 8)}28` },
  });

/** The same, told at another time. */
export const toldAt = <P>(event: Envelope<P>, at: string): Envelope<P> => ({
  ...event,
  occurredAt: at,
});

export const quoted = (assetId: string, last: string, sequence: number) =>
  anEvent<QuotePublishedV1>(
    { type: QuotePublishedV1.name, aggregateId: 'quotes', version: sequence },
    { quotes: [{ assetId, bid: last, ask: last, last, sequence, at: now.toISOString() }] },
  );

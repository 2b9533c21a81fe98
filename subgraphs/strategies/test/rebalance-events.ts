import { randomUUID } from 'node:crypto';
import { QuotePublishedV1 } from '@simplebank/contracts/assets';
import { PositionChangedV1 } from '@simplebank/contracts/holdings';
import { OrderCompletedV1, OrderCreatedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import { anEvent } from './builders.ts';

type Held = {
  readonly accountId: string;
  readonly assetId: string;
  readonly quantity: string;
  readonly reserved?: string;
  readonly version?: number;
};

export const positionChanged = ({ version = 1, reserved = '0', ...held }: Held): string =>
  anEvent(
    PositionChangedV1,
    { id: `${held.accountId}:${held.assetId}`, version },
    { ...held, reserved },
  );

type Quoted = {
  readonly assetId: string;
  readonly last: string;
  readonly at: Date;
  readonly sequence?: number;
};

export const quotePublished = (...quotes: readonly Quoted[]): string =>
  anEvent(
    QuotePublishedV1,
    { id: 'quotes' },
    {
      quotes: quotes.map(({ assetId, last, at, sequence = 1 }) => {
        return { assetId, bid: last, ask: last, last, sequence, at: at.toISOString() };
      }),
    },
  );

export type RunOrder = {
  readonly orderId: string;
  readonly rebalanceRunId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly side: 'BUY' | 'SELL';
};

const named = { symbol: 'ABC', currency: 'USD', strategyOrderId: null } as const;

export const orderCreated = (order: RunOrder): string =>
  anEvent(
    OrderCreatedV1,
    { id: order.orderId },
    {
      ...named,
      ...order,
      ...{ customerId: randomUUID(), type: 'MARKET', timeInForce: 'DAY' },
      ...{ quantity: null, amount: '200', limitPrice: null, holdAmount: '200' },
    },
  );

export const orderRejected = (
  order: Omit<RunOrder, 'orderId'> & { readonly orderId: string | null },
  code: string,
): string =>
  anEvent(
    OrderRejectedV1,
    { id: order.orderId ?? order.rebalanceRunId, version: 3 },
    { ...named, ...order, code },
  );

export type End = {
  readonly status?: OrderCompletedV1['status'];
  readonly value: string;
  readonly fees?: string;
  readonly version?: number;
};

export const orderCompleted = (
  order: RunOrder,
  { status = 'FILLED', value, fees = '0', version = 6 }: End,
): string =>
  anEvent(
    OrderCompletedV1,
    { id: order.orderId, version },
    {
      ...named,
      ...order,
      ...{ customerId: randomUUID(), status, filledQuantity: '1', value, fees, executions: 1 },
      code: status === 'REJECTED' ? 'INSUFFICIENT_POSITION' : null,
    },
  );

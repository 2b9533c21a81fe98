import type { Cause, Fact } from '@simplebank/contracts/event';
import {
  MonthClosedV1,
  PositionChangedV1,
  PositionRefusedV1,
  PositionReservedV1,
} from '@simplebank/contracts/holdings';
import { type MonthEnd, type MonthEndPosition, valueAtEnd } from '../domain/month-end.ts';
import { keyOf, type Position } from '../domain/position.ts';
import type { Ask, ReserveRefusal } from '../domain/reservation.ts';

/** The first and only answer to an order, so its version is always 1. */
const answerVersion = 1;

export const positionReserved = (ask: Ask, cause: Cause): Fact<PositionReservedV1> => ({
  contract: PositionReservedV1,
  aggregateId: ask.orderId,
  aggregateVersion: answerVersion,
  cause,
  payload: {
    orderId: ask.orderId,
    accountId: ask.accountId,
    assetId: ask.assetId,
    quantity: ask.quantity.toFixed(),
  },
});

export const positionRefused = (
  { orderId, accountId, assetId }: Ask,
  code: ReserveRefusal,
  cause: Cause,
): Fact<PositionRefusedV1> => ({
  contract: PositionRefusedV1,
  aggregateId: orderId,
  aggregateVersion: answerVersion,
  cause,
  payload: { orderId, accountId, assetId, code },
});

export const positionChanged = (position: Position, cause: Cause): Fact<PositionChangedV1> => ({
  contract: PositionChangedV1,
  aggregateId: keyOf(position),
  aggregateVersion: position.version,
  cause,
  payload: {
    accountId: position.accountId,
    assetId: position.assetId,
    quantity: position.quantity.toFixed(),
    reserved: position.reserved.toFixed(),
  },
});

/** A month of an account is said once. */
export const monthClosed = (end: MonthEnd, cause: Cause): Fact<MonthClosedV1> => ({
  contract: MonthClosedV1,
  aggregateId: `${end.accountId}:${end.month}`,
  aggregateVersion: 1,
  cause,
  payload: {
    accountId: end.accountId,
    month: end.month,
    positions: end.positions.map(positionAtEnd),
    realizedGain: end.realizedGain.toFixed(),
  },
});

const positionAtEnd = (position: MonthEndPosition) => ({
  assetId: position.assetId,
  symbol: position.symbol,
  quantity: position.quantity.toFixed(),
  cost: position.cost.toFixed(),
  price: position.price?.perUnit.toFixed() ?? null,
  priceAt: position.price?.at.toISOString() ?? null,
  value: valueAtEnd(position)?.toFixed() ?? null,
});

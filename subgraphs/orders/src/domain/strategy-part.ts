import type { Decimal } from '@simplebank/kernel/decimal';
import type { Draft } from './placement.ts';

/** One part of a strategy order: money for one asset. Its id derives from both their ids. */
export type StrategyPart = {
  readonly id: string;
  readonly requestHash: string;
  readonly strategyOrderId: string;
  readonly customerId: string;
  readonly assetId: string;
  readonly amount: Decimal;
};

/** The market buy by amount that a part becomes. */
export const draftOf = (part: StrategyPart): Draft => ({
  id: part.id,
  customerId: part.customerId,
  idempotencyKey: `strategy-order:${part.strategyOrderId}:${part.assetId}`,
  requestHash: part.requestHash,
  side: 'BUY',
  type: 'MARKET',
  timeInForce: 'DAY',
  quantity: null,
  amount: part.amount,
  limitPrice: null,
  strategyOrderId: part.strategyOrderId,
});

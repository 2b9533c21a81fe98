import type { Decimal } from '@simplebank/kernel/decimal';
import type { Draft } from './draft.ts';
import type { Side } from './order.ts';

/** An order that strategies asks for on behalf of a customer, and of which asset. */
export type Part = { readonly assetId: string; readonly draft: Draft };

/** What the ids of a part derive from, so that a replay makes no second order. */
export type PartKey = { readonly id: string; readonly requestHash: string };

const marketOrder = {
  type: 'MARKET',
  timeInForce: 'DAY',
  quantity: null,
  amount: null,
  limitPrice: null,
  stopPrice: null,
  strategyOrderId: null,
  rebalanceRunId: null,
} as const;

type OfStrategyOrder = {
  readonly strategyOrderId: string;
  readonly customerId: string;
  readonly assetId: string;
  readonly amount: Decimal;
};

/** The market buy by amount that a part of a strategy order becomes. */
export const partOfStrategyOrder = (
  { strategyOrderId, customerId, assetId, amount }: OfStrategyOrder,
  key: PartKey,
): Part => ({
  assetId,
  draft: {
    ...marketOrder,
    ...key,
    idempotencyKey: `strategy-order:${strategyOrderId}:${assetId}`,
    customerId,
    side: 'BUY',
    amount,
    strategyOrderId,
  },
});

type OfRebalance = {
  readonly runId: string;
  readonly customerId: string;
  readonly assetId: string;
  readonly side: Side;
  /** Of a sale. */
  readonly quantity: Decimal | null;
  /** Of a purchase. */
  readonly amount: Decimal | null;
};

/** The market order, a sale by quantity or a buy by amount, that a part of a run becomes. */
export const partOfRebalance = (
  { runId, customerId, assetId, side, quantity, amount }: OfRebalance,
  key: PartKey,
): Part => ({
  assetId,
  draft: {
    ...marketOrder,
    ...key,
    idempotencyKey: `rebalance:${runId}:${side}:${assetId}`,
    customerId,
    ...{ side, quantity, amount },
    rebalanceRunId: runId,
  },
});

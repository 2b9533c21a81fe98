import { z } from 'zod';
import { currency, decimal, event, localDate, type PayloadOf } from './event.ts';

/** `assetId` null is the cash slice. Percentages have two decimals and sum to 100.00. */
const slice = z.object({ assetId: z.uuid().nullable(), percentage: decimal });

const version = {
  strategyId: z.uuid(),
  number: z.string(),
  name: z.string(),
  version: z.number().int().positive(),
  slices: z.array(slice).min(1).max(100),
};

export const StrategyCreatedV1 = event(
  'strategies.strategy-created.v1',
  z.object({ ...version, createdById: z.uuid() }),
);
export type StrategyCreatedV1 = PayloadOf<typeof StrategyCreatedV1>;

export const StrategyVersionPublishedV1 = event(
  'strategies.strategy-version-published.v1',
  z.object(version),
);
export type StrategyVersionPublishedV1 = PayloadOf<typeof StrategyVersionPublishedV1>;

export const StrategyArchivedV1 = event(
  'strategies.strategy-archived.v1',
  z.object({ strategyId: z.uuid() }),
);
export type StrategyArchivedV1 = PayloadOf<typeof StrategyArchivedV1>;

/** Orders makes one buy by amount for each part; its key derives from (strategy order, asset). */
export const StrategyOrderReadyV1 = event(
  'strategies.strategy-order-ready.v1',
  z.object({
    strategyOrderId: z.uuid(),
    strategyId: z.uuid(),
    accountId: z.uuid(),
    customerId: z.uuid(),
    currency,
    parts: z
      .array(z.object({ assetId: z.uuid(), amount: decimal }))
      .min(1)
      .max(100),
  }),
);
export type StrategyOrderReadyV1 = PayloadOf<typeof StrategyOrderReadyV1>;

export const StrategyOrderCompletedV1 = event(
  'strategies.strategy-order-completed.v1',
  z.object({
    strategyOrderId: z.uuid(),
    strategyId: z.uuid(),
    accountId: z.uuid(),
    customerId: z.uuid(),
    status: z.enum(['COMPLETED', 'COMPLETED_ADJUSTED', 'FAILED', 'CANCELED']),
  }),
);
export type StrategyOrderCompletedV1 = PayloadOf<typeof StrategyOrderCompletedV1>;

/** Which strategy an account follows from now on; null when it follows none any more. */
export const StrategyElectedV1 = event(
  'strategies.strategy-elected.v1',
  z.object({ accountId: z.uuid(), customerId: z.uuid(), strategyId: z.uuid().nullable() }),
);
export type StrategyElectedV1 = PayloadOf<typeof StrategyElectedV1>;

export const StrategyOrderCreatedV1 = event(
  'strategies.strategy-order-created.v1',
  z.object({
    strategyOrderId: z.uuid(),
    number: z.string(),
    strategyId: z.uuid(),
    accountId: z.uuid(),
    customerId: z.uuid(),
    amount: decimal,
    currency,
    paymentId: z.uuid().nullable(),
  }),
);
export type StrategyOrderCreatedV1 = PayloadOf<typeof StrategyOrderCreatedV1>;

const planRun = {
  planRunId: z.uuid(),
  planId: z.uuid(),
  accountId: z.uuid(),
  customerId: z.uuid(),
  /** The day that the plan names, which tells its runs apart; it may run on a later trading day. */
  period: localDate,
};

/** Asks accounts for the deposit that pays for a run; its key derives from the run. */
export const PlanRunFundingV1 = event(
  'strategies.plan-run-funding.v1',
  z.object({ ...planRun, amount: decimal, currency }),
);
export type PlanRunFundingV1 = PayloadOf<typeof PlanRunFundingV1>;

/**
 * Its investment has ended. `bought` says how much of it, and `reasons` why parts were left: codes
 * of refusals and of skips, each once. Events of earlier releases have neither.
 */
export const PlanRunCompletedV1 = event(
  'strategies.plan-run-completed.v1',
  z.object({
    ...planRun,
    strategyOrderId: z.uuid(),
    bought: z.enum(['ALL', 'PART', 'NOTHING']).optional(),
    reasons: z.array(z.string()).optional(),
  }),
);
export type PlanRunCompletedV1 = PayloadOf<typeof PlanRunCompletedV1>;

export const PlanRunSkippedV1 = event(
  'strategies.plan-run-skipped.v1',
  z.object({ ...planRun, reason: z.string() }),
);
export type PlanRunSkippedV1 = PayloadOf<typeof PlanRunSkippedV1>;

export const PlanRunFailedV1 = event(
  'strategies.plan-run-failed.v1',
  z.object({ ...planRun, reason: z.string() }),
);
export type PlanRunFailedV1 = PayloadOf<typeof PlanRunFailedV1>;

const rebalanceRun = { runId: z.uuid(), accountId: z.uuid(), customerId: z.uuid() };

/**
 * Orders sells each part by quantity, or buys it by amount; the key of an order derives from (run,
 * side, asset). A run sells first and says its purchases when the sales have ended.
 */
export const RebalanceReadyV1 = event(
  'strategies.rebalance-ready.v1',
  z.object({
    ...rebalanceRun,
    currency,
    parts: z
      .array(
        z.discriminatedUnion('side', [
          z.object({ side: z.literal('SELL'), assetId: z.uuid(), quantity: decimal }),
          z.object({ side: z.literal('BUY'), assetId: z.uuid(), amount: decimal }),
        ]),
      )
      .min(1)
      .max(100),
  }),
);
export type RebalanceReadyV1 = PayloadOf<typeof RebalanceReadyV1>;

export const RebalanceCompletedV1 = event(
  'strategies.rebalance-completed.v1',
  z.object({
    ...rebalanceRun,
    status: z.enum([
      'COMPLETED',
      'COMPLETED_ADJUSTED',
      'CANCELED',
      'CANCELED_MID_RUN',
      'FAILED',
      'TIMED_OUT',
    ]),
  }),
);
export type RebalanceCompletedV1 = PayloadOf<typeof RebalanceCompletedV1>;

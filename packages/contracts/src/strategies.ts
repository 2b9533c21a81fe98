import { z } from 'zod';
import { currency, decimal, event, type PayloadOf } from './event.ts';

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

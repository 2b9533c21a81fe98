import type { Envelope } from '@simplebank/contracts/event';
import type {
  PlanRunCompletedV1,
  PlanRunFailedV1,
  PlanRunSkippedV1,
  RebalanceCompletedV1,
  StrategyCreatedV1,
  StrategyOrderCompletedV1,
} from '@simplebank/contracts/strategies';
import { notifyAudience } from '../commands/notify-customers.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { tells } from './occasion.ts';

/** A new strategy is nobody's own, so only those hear of it who have asked to. */
export const onStrategyCreated =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<StrategyCreatedV1>[]): Promise<void> =>
    notifyAudience(
      tx,
      deps,
      events.map(({ eventId, correlationId, traceparent, payload: { name } }) => {
        return {
          template: 'STRATEGY_CREATED',
          facts: { name },
          eventId,
          correlationId,
          traceparent,
        };
      }),
    );

export const onStrategyOrderCompleted = (deps: Deps) =>
  tells<StrategyOrderCompletedV1>(deps, ({ accountId, status }) => ({
    template: 'STRATEGY_ORDER_COMPLETED',
    accountId,
    facts: { status },
  }));

export const onPlanRunCompleted = (deps: Deps) =>
  tells<PlanRunCompletedV1>(deps, ({ accountId, period, bought = 'ALL', reasons = [] }) => ({
    template: runTemplates[bought],
    accountId,
    facts: { period, reason: reasons.join(', ') || 'that orders were not filled' },
  }));

const runTemplates = {
  ALL: 'PLAN_RUN_COMPLETED',
  PART: 'PLAN_RUN_COMPLETED_IN_PART',
  NOTHING: 'PLAN_RUN_BOUGHT_NOTHING',
} as const;

export const onPlanRunSkipped = (deps: Deps) =>
  tells<PlanRunSkippedV1>(deps, ({ accountId, period, reason }) => ({
    template: 'PLAN_RUN_SKIPPED',
    accountId,
    facts: { period, reason },
  }));

export const onPlanRunFailed = (deps: Deps) =>
  tells<PlanRunFailedV1>(deps, ({ accountId, period, reason }) => ({
    template: 'PLAN_RUN_FAILED',
    accountId,
    facts: { period, reason },
  }));

export const onRebalanceCompleted = (deps: Deps) =>
  tells<RebalanceCompletedV1>(deps, ({ accountId, status }) => ({
    template: 'REBALANCE_COMPLETED',
    accountId,
    facts: { status },
  }));

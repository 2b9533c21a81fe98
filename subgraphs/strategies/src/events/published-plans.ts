import type { Cause, Fact } from '@simplebank/contracts/event';
import {
  PlanRunCompletedV1,
  PlanRunFailedV1,
  PlanRunFundingV1,
  PlanRunSkippedV1,
  StrategyElectedV1,
} from '@simplebank/contracts/strategies';
import type { Election } from '../elections/domain/election.ts';
import type { Outcome } from '../investing/domain/strategy-order.ts';
import type { Plan } from '../plans/domain/plan.ts';
import type { PlanRun } from '../plans/domain/run.ts';

/** An account's elections are numbered, so the highest version is the strategy it follows. */
export const strategyElected = (election: Election, cause: Cause): Fact => {
  const { accountId, customerId, strategyId, sequence } = election;
  const about = { aggregateId: accountId, aggregateVersion: sequence, cause };
  return { ...about, contract: StrategyElectedV1, payload: { accountId, customerId, strategyId } };
};

/** What led to it, and what the investment of a completed run came to. */
type Around = { readonly outcome: Outcome | undefined; readonly cause: Cause };

/** What others are told of a run that has moved; null for a state that concerns nobody. */
export function planRunFact(plan: Plan, run: PlanRun, { outcome, cause }: Around): Fact | null {
  const { id: planId, accountId, customerId, currency } = plan;
  const { id: planRunId, period, amount, strategyOrderId } = run;
  const about = { aggregateId: planRunId, aggregateVersion: run.eventVersion, cause };
  const whose = { planRunId, planId, accountId, customerId, period };
  const reason = run.reason ?? 'UNKNOWN';
  switch (run.state) {
    case 'DUE':
    case 'INVESTING':
      return null;
    case 'FUNDING': {
      const payload = { ...whose, amount: amount.toFixed(), currency };
      return { ...about, contract: PlanRunFundingV1, payload };
    }
    case 'COMPLETED': {
      if (!strategyOrderId || !outcome) throw new Error(`run ${planRunId} ended without investing`);
      const { bought, reasons } = outcome;
      const payload = { ...whose, strategyOrderId, bought, reasons: [...reasons] };
      return { ...about, contract: PlanRunCompletedV1, payload };
    }
    case 'SKIPPED':
      return { ...about, contract: PlanRunSkippedV1, payload: { ...whose, reason } };
    case 'FAILED':
      return { ...about, contract: PlanRunFailedV1, payload: { ...whose, reason } };
    default:
      return run.state satisfies never;
  }
}

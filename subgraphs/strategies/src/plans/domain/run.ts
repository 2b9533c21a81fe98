import type { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Plan } from './plan.ts';
import { dueOf, isPlanned, periodAfter } from './schedule.ts';
import { type RunState, runTransitions } from './transitions.ts';

/** Why a run did not take place. */
export type SkipReason = 'PAUSED' | 'MISSED' | 'SKIPPED_BY_CUSTOMER' | 'PLAN_CANCELED';

export type PlanRun = {
  readonly id: string;
  readonly planId: string;
  /** The planned day. */
  readonly period: string;
  /** The trading day on which it is due. */
  readonly dueOn: string;
  readonly state: RunState;
  /** Why it was skipped or has failed. */
  readonly reason: string | null;
  readonly amount: Decimal;
  readonly paymentId: string | null;
  readonly strategyOrderId: string | null;
  /** Until when its deposit is waited for. */
  readonly deadline: Date | null;
  readonly eventVersion: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
};

/** A run together with the currency of its plan. */
export type PaidRun = PlanRun & { readonly currency: Currency };

/** A day longer than a payment may take (domain §2.4), so that its own end comes first. */
const fundingMs = 8 * 86_400_000;
/** What one look at a plan takes in, which is two years of weeks; the rest has the next look. */
const periodsPerPassMax = 100;

type Passed = { readonly period: string; readonly dueOn: string };
export type Passing = {
  readonly passed: readonly Passed[];
  readonly nextPeriod: string;
  /** More planned days have passed than fit into one look. */
  readonly hasMore: boolean;
};

/** The planned days of a plan that are due by now and have no run yet, oldest first. */
export function periodsPassed(plan: Plan, now: Date): Passing {
  const passed: Passed[] = [];
  let period = plan.nextPeriod;
  while (isPlanned(plan, period)) {
    const due = dueOf(period);
    if (!due || due.at > now) break;
    if (passed.length === periodsPerPassMax) return { passed, nextPeriod: period, hasMore: true };
    passed.push({ period, dueOn: due.on });
    period = periodAfter(plan, period);
  }
  return { passed, nextPeriod: period, hasMore: false };
}

type NewRun = Passed & { readonly id: string; readonly skipped: SkipReason | null };

export function beginRun(plan: Plan, { id, period, dueOn, skipped }: NewRun, now: Date): PlanRun {
  const nothing = { paymentId: null, strategyOrderId: null, deadline: null, eventVersion: 0 };
  const state = skipped === null ? 'DUE' : 'SKIPPED';
  const end = { state, reason: skipped, endedAt: skipped === null ? null : now } as const;
  const { id: planId, amount } = plan;
  return { id, planId, period, dueOn, amount, ...end, ...nothing, createdAt: now };
}

/** Throws for a state that does not follow: that is a bug of the caller. */
function moved(run: PlanRun, state: RunState): PlanRun {
  if (runTransitions[run.state].includes(state)) return { ...run, state };
  throw new Error(`run ${run.id} does not go from ${run.state} to ${state}`);
}

export const skip = (run: PlanRun, reason: SkipReason, at: Date): PlanRun => ({
  ...moved(run, 'SKIPPED'),
  reason,
  endedAt: at,
});

export const fail = (run: PlanRun, reason: string, at: Date): PlanRun => ({
  ...moved(run, 'FAILED'),
  reason,
  endedAt: at,
});

export const askForMoney = (run: PlanRun, at: Date): PlanRun => ({
  ...moved(run, 'FUNDING'),
  deadline: new Date(at.getTime() + fundingMs),
});

export const investing = (run: PlanRun, strategyOrderId: string): PlanRun => ({
  ...moved(run, 'INVESTING'),
  strategyOrderId,
});

export const complete = (run: PlanRun, at: Date): PlanRun => ({
  ...moved(run, 'COMPLETED'),
  endedAt: at,
});

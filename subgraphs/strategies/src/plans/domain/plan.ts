import { type Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { type Currency, minorDigitsOf } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { AccountCopy } from '../../domain/copies.ts';
import { isBelowMinimum } from '../../domain/split.ts';
import type { Strategy } from '../../strategies/domain/strategy.ts';
import { daysAfter, dueOf, isPlanned, type Schedule } from './schedule.ts';
import { mayBecome, type PlanState } from './transitions.ts';

export type Funding = 'DEPOSIT' | 'CASH';

export type Plan = Schedule & {
  readonly id: string;
  readonly number: bigint;
  readonly accountId: string;
  /** Who made it: its investments are made in this customer's name. */
  readonly customerId: string;
  readonly strategyId: string;
  readonly amount: Decimal;
  readonly currency: Currency;
  readonly funding: Funding;
  readonly state: PlanState;
  /** The planned day that has no run yet. */
  readonly nextPeriod: string;
  readonly createdAt: Date;
};

export type PlanRefusalCode =
  | 'AMOUNT_BELOW_MINIMUM'
  | 'AMOUNT_PRECISION'
  | 'START_IN_PAST'
  | 'ACCOUNT_STATUS'
  | 'STRATEGY_NOT_ACTIVE'
  | 'PLAN_STATE'
  | 'IDEMPOTENCY_KEY_REUSED';

/** At least 1.00, no finer than the currency. */
export function checkAmount(amount: Decimal, currency: Currency): PlanRefusalCode | null {
  if (decimalsOf(amount) > minorDigitsOf(currency)) return 'AMOUNT_PRECISION';
  return isBelowMinimum(amount) ? 'AMOUNT_BELOW_MINIMUM' : null;
}

export type PlanWish = {
  readonly strategy: Strategy;
  readonly account: AccountCopy;
  readonly amount: Decimal;
  readonly currency: Currency;
  readonly startDate: string;
  /** The date in New York now: a plan may start today. */
  readonly today: string;
};

/** What can be refused before a plan is made (domain §6.3). */
export function checkPlan(wish: PlanWish): Result<null, PlanRefusalCode> {
  const { strategy, account, amount, currency, startDate, today } = wish;
  if (strategy.state !== 'ACTIVE') return refuse('STRATEGY_NOT_ACTIVE');
  const refused = checkAmount(amount, currency);
  if (refused) return refuse(refused);
  if (startDate < today) return refuse('START_IN_PAST');
  return account.status === 'ACTIVE' ? ok(null) : refuse('ACCOUNT_STATUS');
}

/** The plan in another state; a state that does not follow from its own is refused. */
export const become = (plan: Plan, state: PlanState): Result<Plan, 'PLAN_STATE'> =>
  mayBecome(plan.state, state) ? ok({ ...plan, state }) : refuse('PLAN_STATE');

/** Whether a planned day is still to come; a plan that has none left ends after its end date. */
export const hasNext = (plan: Plan): boolean => isPlanned(plan, plan.nextPeriod);

/** When the next run is due; null unless the plan is active and has one left. */
export function nextRunOn(plan: Plan): string | null {
  if (plan.state !== 'ACTIVE' || !hasNext(plan)) return null;
  return dueOf(plan.nextPeriod)?.on ?? plan.nextPeriod;
}

/** Midnight in New York has passed by then, in winter as in summer. */
const afterMidnight = 'T05:00:00.000Z';
/** Early enough for a day whose calendar is not known yet. */
const atEarliest = 'T13:30:00.000Z';

/** When a scheduler has something to do with the plan: its next run, or its end. */
export function lookAt(plan: Plan): Date {
  const { endDate, nextPeriod } = plan;
  if (endDate !== null && !hasNext(plan))
    return new Date(`${daysAfter(endDate, 1)}${afterMidnight}`);
  return dueOf(nextPeriod)?.at ?? new Date(`${nextPeriod}${atEarliest}`);
}

import { requirePrincipal } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { Result } from '@simplebank/kernel/result';
import { type Story, storyOf } from '../../commands/story.ts';
import type { Context } from '../../context.ts';
import type { Deps } from '../../deps.ts';
import { localDateOf } from '../../domain/local-date.ts';
import { idOrNumber, notFound, optionalKeyOf } from '../../resolvers/input.ts';
import type { PlanAct } from '../commands/change-plan.ts';
import type { Plan, PlanRefusalCode } from '../domain/plan.ts';
import { dueOf } from '../domain/schedule.ts';
import { ownPlan } from '../queries/plans.ts';

const messages: Readonly<Record<PlanRefusalCode, string>> = {
  AMOUNT_BELOW_MINIMUM: 'The least that can be invested is 1.00.',
  AMOUNT_PRECISION: 'The amount has more decimals than the currency.',
  START_IN_PAST: 'The start date has passed in New York.',
  ACCOUNT_STATUS: 'The account may not buy in its present status.',
  STRATEGY_NOT_ACTIVE: 'The strategy is archived.',
  PLAN_STATE: 'The present state of the plan does not allow it.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const refusalOf = (code: PlanRefusalCode) => ({ code, message: messages[code] });

type Dates = { readonly startDate: string; readonly endDate: string | null; readonly now: Date };

/**
 * Throws BAD_INPUT for a start beyond the known calendar and an end before the start. A start in
 * the past, however long ago, is for the command to refuse.
 */
export function checkDates({ startDate, endDate, now }: Dates): void {
  if (startDate >= localDateOf(now) && !dueOf(startDate)) {
    const message = 'The trading calendar of that day is not known yet.';
    throw new PublicError('BAD_INPUT', message, { field: 'input.startDate' });
  }
  if (endDate !== null && endDate < startDate) {
    const message = 'Expected a day on or after the start date.';
    throw new PublicError('BAD_INPUT', message, { field: 'input.endDate' });
  }
}

type Asked = { readonly planId: string; readonly idempotencyKey?: string | null | undefined };
type Command = (deps: Deps, act: PlanAct, story: Story) => Promise<Result<string, PlanRefusalCode>>;
type Acted =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly code: PlanRefusalCode; readonly message: string };

/** What every command on a plan shares: whose it is, its key, and the plan as it is afterwards. */
export async function actOnPlan(context: Context, asked: Asked, run: Command): Promise<Acted> {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = optionalKeyOf(asked.idempotencyKey);
  const field = 'input.planId';
  const plan = await ownPlan(context, context.viewer, idOrNumber(asked.planId, field));
  if (!plan) throw notFound('plan', field);
  const done = await run(
    context,
    { planId: plan.id, customerId, idempotencyKey },
    storyOf(context),
  );
  return done.ok
    ? { ok: true, plan: await reload(context, done.value) }
    : { ok: false, ...refusalOf(done.error) };
}

/** The plan as it is after a command. */
export async function reload({ loaders }: Context, id: string): Promise<Plan> {
  const plan = await loaders.plans.clear(id).load(id);
  if (plan) return plan;
  throw new Error(`plan ${id} is not there after its change`);
}

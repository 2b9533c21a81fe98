import type { Decimal } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockPlan, savePlan } from '../data/plans.ts';
import { insertRuns } from '../data/runs.ts';
import { become, checkAmount, hasNext, type Plan, type PlanRefusalCode } from '../domain/plan.ts';
import { beginRun } from '../domain/run.ts';
import { dueOf, periodAfter } from '../domain/schedule.ts';
import { passPeriods, skipRuns } from './pass-periods.ts';
import { recordRun } from './record-runs.ts';

export type PlanAct = {
  /** A plan of one of the customer's own accounts. */
  readonly planId: string;
  readonly customerId: string;
  /** Null when none was given, where doing it twice is refused anyway. */
  readonly idempotencyKey: string | null;
};
type Answer = Promise<Result<string, PlanRefusalCode>>;
type Decided = Result<Plan, PlanRefusalCode>;

type Deciding = PlanAct & {
  readonly command: string;
  readonly input?: object;
  readonly movesMoney?: boolean;
  readonly decide: (tx: Tx, plan: Plan) => Promise<Decided>;
};

/** Runs a command on a locked plan once per key, with its audit; answers the plan's id. */
function changePlan(deps: Deps, deciding: Deciding, { by }: Story): Answer {
  const { planId, customerId: owner, idempotencyKey: key, command, decide } = deciding;
  const input = { planId, ...deciding.input };
  const movesMoney = deciding.movesMoney ?? false;
  const ask = { owner, key, command, input, movesMoney, subjectId: planId };
  return once<PlanRefusalCode>(deps, ask, async (tx) => {
    const before = await lockPlan(tx, planId);
    if (!before) throw new Error(`plan ${planId} has gone`);
    const decided = await decide(tx, before);
    if (!decided.ok) return decided;
    await audit(tx, deps, [{ by, command, subject: planId, before, after: decided.value }]);
    return decided;
  });
}

/** Periods that come due while it is paused are skipped, not saved up. */
export const pausePlan = (deps: Deps, act: PlanAct, story: Story): Answer =>
  changePlan(
    deps,
    { ...act, command: 'pausePlan', decide: (tx, plan) => toState(tx, plan, 'PAUSED') },
    story,
  );

/** What came due until now was due while the plan was paused. */
export const resumePlan = (deps: Deps, act: PlanAct, story: Story): Answer =>
  changePlan(
    deps,
    {
      ...act,
      command: 'resumePlan',
      decide: async (tx, plan) => {
        if (plan.state !== 'PAUSED') return refuse('PLAN_STATE');
        return toState(tx, await passPeriods(tx, deps, { plan, story }), 'ACTIVE');
      },
    },
    story,
  );

/**
 * Nothing more is bought: runs that have not invested yet are skipped. A deposit that is on its way
 * stays as cash on the account.
 */
export const cancelPlan = (deps: Deps, act: PlanAct, story: Story): Answer =>
  changePlan(
    deps,
    {
      ...act,
      command: 'cancelPlan',
      decide: async (tx, plan) => {
        const canceled = await toState(tx, plan, 'CANCELED');
        const skipping = { plan, story, reason: 'PLAN_CANCELED' } as const;
        if (canceled.ok) await skipRuns(tx, deps, { ...skipping, states: ['DUE', 'FUNDING'] });
        return canceled;
      },
    },
    story,
  );

async function toState(tx: Tx, plan: Plan, state: Plan['state']): Promise<Decided> {
  const moved = become(plan, state);
  if (moved.ok) await savePlan(tx, moved.value);
  return moved;
}

/** The next planned day gets a run that is skipped. Refused unless the plan is active with one. */
export const skipNextRun = (deps: Deps, act: PlanAct, story: Story): Answer =>
  changePlan(
    deps,
    {
      ...act,
      command: 'skipNextRun',
      movesMoney: true,
      decide: async (tx, plan) => {
        const due = hasNext(plan) ? dueOf(plan.nextPeriod) : null;
        if (plan.state !== 'ACTIVE' || !due) return refuse('PLAN_STATE');
        const period = { period: plan.nextPeriod, dueOn: due.on };
        const skipped = { ...period, id: deps.newId(), skipped: 'SKIPPED_BY_CUSTOMER' } as const;
        const run = beginRun(plan, skipped, deps.clock.now());
        for (const after of await insertRuns(tx, [run])) {
          await recordRun(tx, deps, { plan, before: null, after, story });
        }
        const moved = { ...plan, nextPeriod: periodAfter(plan, plan.nextPeriod) };
        await savePlan(tx, moved);
        return ok(moved);
      },
    },
    story,
  );

/** Runs that begin from now on are of this amount. */
export const changeAmount = (
  deps: Deps,
  { amount, ...act }: PlanAct & { readonly amount: Decimal },
  story: Story,
): Answer =>
  changePlan(
    deps,
    {
      ...act,
      command: 'changePlan',
      input: { amount },
      movesMoney: true,
      decide: async (tx, plan) => {
        const refused = checkAmount(amount, plan.currency);
        if (refused) return refuse(refused);
        if (plan.state !== 'ACTIVE' && plan.state !== 'PAUSED') return refuse('PLAN_STATE');
        const changed = { ...plan, amount };
        await savePlan(tx, changed);
        return ok(changed);
      },
    },
    story,
  );

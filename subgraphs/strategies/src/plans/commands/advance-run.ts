import { requestHashOf } from '../../commands/request-hash.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import { findAccount, findPaymentOfRun } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import { arrivedInTime, type PaymentCopy } from '../../domain/copies.ts';
import { invest, outcomeOfInvestment } from '../../investing/index.ts';
import { findStrategy } from '../../strategies/index.ts';
import { findRun } from '../data/runs.ts';
import type { Plan } from '../domain/plan.ts';
import { askForMoney, complete, fail, investing, type PlanRun, skip } from '../domain/run.ts';
import { recordRun, storyOfScheduler } from './record-runs.ts';

type Advance = { readonly plan: Plan; readonly runId: string };
type Given = { readonly plan: Plan; readonly run: PlanRun };

/** Moves a run of a locked plan as far as it can go now; does nothing for one that has ended. */
export async function advanceRun(tx: Tx, deps: Deps, { plan, runId }: Advance): Promise<void> {
  const run = await findRun(tx, runId);
  if (!run) throw new Error(`run ${runId} has gone`);
  const story = storyOfScheduler(runId);
  if (run.state === 'INVESTING') return followInvestment(tx, deps, { plan, run, story });
  const after = await next(tx, deps, { plan, run });
  if (after !== run) await recordRun(tx, deps, { plan, before: run, after, story });
}

function next(tx: Tx, deps: Deps, given: Given): Promise<PlanRun> {
  switch (given.run.state) {
    case 'DUE':
      return begin(tx, deps, given);
    case 'FUNDING':
      return followPayment(tx, deps, given);
    default:
      return Promise.resolve(given.run);
  }
}

/** No money is asked for that could not be invested. */
async function begin(tx: Tx, deps: Deps, { plan, run }: Given): Promise<PlanRun> {
  const now = deps.clock.now();
  if (plan.state === 'PAUSED') return skip(run, 'PAUSED', now);
  if (plan.funding === 'CASH') return investNow(tx, deps, { plan, run, payment: undefined });
  const strategy = await findStrategy(tx, { id: plan.strategyId });
  if (strategy?.state !== 'ACTIVE') return fail(run, 'STRATEGY_NOT_ACTIVE', now);
  const account = await findAccount(tx, { id: plan.accountId });
  return account?.status === 'ACTIVE' ? askForMoney(run, now) : fail(run, 'ACCOUNT_STATUS', now);
}

async function followPayment(tx: Tx, deps: Deps, { plan, run }: Given): Promise<PlanRun> {
  const now = deps.clock.now();
  const payment = await findPaymentOfRun(tx, run.id);
  if (!payment || payment.status === 'CREATED') {
    const isLate = run.deadline !== null && run.deadline <= now;
    return isLate ? fail(run, 'FUNDING_TIMEOUT', now) : run;
  }
  const paid = { ...run, paymentId: payment.id };
  if (arrivedInTime(payment)) return investNow(tx, deps, { plan, run: paid, payment });
  const reason = payment.status === 'CANCELED' ? 'PAYMENT_CANCELED' : 'PAYMENT_FAILED';
  return fail(paid, reason, now);
}

/** Whoever saw the run before it invested must not take its state for the investment's end. */
async function followInvestment(
  tx: Tx,
  deps: Deps,
  { plan, run, story }: Given & { readonly story: Story },
): Promise<void> {
  if (run.strategyOrderId === null) throw new Error(`run ${run.id} invests nothing`);
  const outcome = await outcomeOfInvestment(tx, run.strategyOrderId);
  if (!outcome) return;
  const after = complete(run, deps.clock.now());
  await recordRun(tx, deps, { plan, before: run, after, outcome, story });
}

type Investing = Given & { readonly payment: PaymentCopy | undefined };

/** No customer can write such a key, so none can take it from a run. */
const keyOf = ({ id }: PlanRun): string => `plan run → ${id}`;

/** Through the code that a customer's own investment takes; what it refuses, the run fails with. */
async function investNow(tx: Tx, deps: Deps, { plan, run, payment }: Investing): Promise<PlanRun> {
  const { accountId, customerId, strategyId } = plan;
  const account = await findAccount(tx, { id: accountId });
  if (!account) throw new Error(`plan ${plan.id} has no account`);
  const idempotencyKey = keyOf(run);
  const invested = await invest(tx, deps, {
    ...{ strategyId, account, customerId, payment, amount: run.amount, idempotencyKey },
    requestHash: requestHashOf('planRun', { planRunId: run.id }),
    story: storyOfScheduler(run.id),
  });
  if (invested.ok) return investing(run, invested.value.id);
  return fail(run, invested.error, deps.clock.now());
}

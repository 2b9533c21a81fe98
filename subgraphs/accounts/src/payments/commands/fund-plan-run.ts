import { publish } from '@simplebank/chassis/outbox';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { planFundingRefused } from '../../events/published-funding.ts';
import { lockBalances } from '../../ledger/index.ts';
import { isRunPaid } from '../data/payments.ts';
import { depositForPlan } from './create-payment.ts';

export type Funding = {
  readonly planRunId: string;
  readonly accountId: string;
  /** Who has made the plan: the deposit is made in this customer's name. */
  readonly customerId: string;
  readonly amount: Decimal;
  /** The planned day, `yyyy-mm-dd`. */
  readonly period: string;
  readonly story: Story;
};

/** Makes the deposit of a recurring plan's run, once per run, or says why there is none. */
export async function fundPlanRun(deps: Deps, tx: Tx, asked: Funding): Promise<void> {
  const { planRunId, accountId, customerId: createdById, amount, story } = asked;
  await lockBalances(tx, [accountId]);
  if (await isRunPaid(tx, planRunId)) return;
  const reference = `Recurring plan, ${asked.period}`;
  const terms = { accountId, amount, reference, createdById, planRunId };
  const made = await depositForPlan(deps, tx, { id: deps.newId(), ...terms, story });
  if (made.ok) return;
  const refusal = { planRunId, accountId, code: made.error.code };
  await publish(tx, deps, [planFundingRefused(refusal, story.cause)]);
}

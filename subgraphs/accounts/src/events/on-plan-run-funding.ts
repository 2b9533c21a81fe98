import { handler } from '@simplebank/chassis/consumer';
import { causedBy } from '@simplebank/contracts/event';
import { PlanRunFundingV1 } from '@simplebank/contracts/strategies';
import { Decimal } from '@simplebank/kernel/decimal';
import { actorOfEvent } from '../commands/audit.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { fundPlanRun } from '../payments/index.ts';

/** A recurring plan asks for the deposit that pays for one of its runs. */
export const onPlanRunFunding = (deps: Deps) =>
  handler<Tx, PlanRunFundingV1>(PlanRunFundingV1, async (tx, events) => {
    // One after another: they share the transaction's connection.
    for (const event of events) {
      const { planRunId, accountId, customerId, period, amount } = event.payload;
      const story = { by: actorOfEvent(event), cause: causedBy(event) };
      const asked = { planRunId, accountId, customerId, period, story };
      await fundPlanRun(deps, tx, { ...asked, amount: new Decimal(amount) });
    }
  });

import type { PlanFundingRefusedV1 } from '@simplebank/contracts/accounts';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { refuseFunding } from '../plans/index.ts';

export const onPlanFundingRefused =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<PlanFundingRefusedV1>[]): Promise<void> =>
    refuseFunding(
      tx,
      deps,
      events.map((event) => {
        const { planRunId, code } = event.payload;
        return { planRunId, code, cause: causedBy(event) };
      }),
    );

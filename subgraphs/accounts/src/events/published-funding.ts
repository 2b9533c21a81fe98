import {
  PlanFundingRefusedV1,
  type PlanFundingRefusedV1 as Refusal,
} from '@simplebank/contracts/accounts';
import type { Cause, Fact } from '@simplebank/contracts/event';

/** Decided once per run, so that its only version is the first. */
export const planFundingRefused = (refusal: Refusal, cause: Cause): Fact<Refusal> => ({
  ...{ contract: PlanFundingRefusedV1, payload: refusal, cause },
  ...{ aggregateId: refusal.planRunId, aggregateVersion: 1 },
});

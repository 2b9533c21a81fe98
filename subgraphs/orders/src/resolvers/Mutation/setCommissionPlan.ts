import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { setCommissionPlan as setPlan } from '../../commands/set-commission-plan.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { requireAccount } from '../access.ts';
import { reasonOf, requireOperations } from '../actor.ts';
import { planNamed } from '../plans.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

export const setCommissionPlan: NonNullable<MutationResolvers['setCommissionPlan']> = async (
  _,
  { input },
  context,
) => {
  const by = requireOperations(context);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const reason = reasonOf(input.reason);
  const account = await requireAccount(context, input.accountId, 'input.accountId');
  const plan = planNamed(input.plan);
  const set = await setPlan(context, {
    account,
    plan,
    reason,
    by,
    idempotencyKey,
    requestHash: requestHash('setCommissionPlan', { accountId: account.id, plan, reason }),
  });
  return set.ok
    ? { __typename: 'SetCommissionPlanSuccess', account }
    : {
        __typename: 'SetCommissionPlanRefusal',
        code: set.error,
        message: refusalMessages[set.error],
      };
};

import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { boundedAmount, requireOwnAccount, requireStrategy } from '../../../resolvers/input.ts';
import * as commands from '../../commands/create-plan.ts';
import { checkDates, refusalOf, reload } from '../input.ts';

export const createPlan: NonNullable<MutationResolvers['createPlan']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const amount = boundedAmount(input.amount, 'input.amount');
  const { interval, startDate, funding = 'DEPOSIT' } = input;
  const endDate = input.endDate ?? null;
  checkDates({ startDate, endDate, now: context.clock.now() });
  const { id: strategyId } = await requireStrategy(context, input.strategyId);
  const account = await requireOwnAccount(context, input.accountId);

  const terms = { amount, interval, startDate, endDate, funding };
  const draft = { account, strategyId, customerId, ...terms, idempotencyKey };
  const created = await commands.createPlan(context, draft, storyOf(context));
  return created.ok
    ? { __typename: 'CreatePlanSuccess', plan: await reload(context, created.value) }
    : { __typename: 'CreatePlanRefusal', ...refusalOf(created.error) };
};

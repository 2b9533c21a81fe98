import { requirePrincipal } from '@simplebank/chassis/auth';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { optionalKeyOf, requireOwnAccount, requireStrategy } from '../../../resolvers/input.ts';
import * as commands from '../../commands/elect-strategy.ts';
import { refusalOf } from '../refusals.ts';

export const electStrategy: NonNullable<MutationResolvers['electStrategy']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const { id: strategyId } = await requireStrategy(context, input.strategyId);
  const { id: accountId } = await requireOwnAccount(context, input.accountId);
  const choice = { accountId, strategyId, customerId, idempotencyKey };
  const elected = await commands.electStrategy(context, choice, storyOf(context));
  if (!elected.ok) return { __typename: 'ElectStrategyRefusal', ...refusalOf(elected.error) };
  context.loaders.elections.clear(accountId);
  return { __typename: 'ElectStrategySuccess', account: { id: accountId } };
};

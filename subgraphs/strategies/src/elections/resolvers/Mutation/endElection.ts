import { requirePrincipal } from '@simplebank/chassis/auth';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { optionalKeyOf, requireOwnAccount } from '../../../resolvers/input.ts';
import * as commands from '../../commands/elect-strategy.ts';
import { refusalOf } from '../refusals.ts';

export const endElection: NonNullable<MutationResolvers['endElection']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const { id: accountId } = await requireOwnAccount(context, input.accountId);
  const choice = { accountId, customerId, idempotencyKey };
  const ended = await commands.endElection(context, choice, storyOf(context));
  if (!ended.ok) return { __typename: 'EndElectionRefusal', ...refusalOf(ended.error) };
  context.loaders.elections.clear(accountId);
  return { __typename: 'EndElectionSuccess', account: { id: accountId } };
};

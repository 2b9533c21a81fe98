import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { idOrNumber, notFound } from '../../../resolvers/input.ts';
import * as commands from '../../commands/cancel-rebalance.ts';
import { knownRun, ownRun } from '../../queries/runs.ts';

const messages: Readonly<Record<commands.CancelRebalanceRefusal, string>> = {
  NOT_CANCELABLE: 'The run has ended.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const cancelRebalance: NonNullable<MutationResolvers['cancelRebalance']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const { idempotencyKey: given } = input;
  const idempotencyKey = given === null || given === undefined ? null : idempotencyKeyOf(given);
  const field = 'input.rebalanceRunId';
  const run = await ownRun(context, context.viewer, idOrNumber(input.rebalanceRunId, field));
  if (!run) throw notFound('rebalancing', field);

  const wish = { runId: run.id, customerId, idempotencyKey };
  const canceled = await commands.cancelRebalance(context, wish, storyOf(context));
  if (canceled.ok) {
    const rebalanceRun = await knownRun(context, canceled.value);
    return { __typename: 'CancelRebalanceSuccess', rebalanceRun };
  }
  const code = canceled.error;
  return { __typename: 'CancelRebalanceRefusal', code, message: messages[code] };
};

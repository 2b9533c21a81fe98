import { requirePrincipal } from '@simplebank/chassis/auth';
import { uuidOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/sign-out-everywhere.ts';

export const signOutEverywhere: NonNullable<MutationResolvers['signOutEverywhere']> = async (
  _,
  __,
  context,
) => {
  const id = uuidOf(requirePrincipal(context.viewer).customerId, 'viewer');
  return { sessions: await commands.signOutEverywhere(context, id, storyOf(context)) };
};

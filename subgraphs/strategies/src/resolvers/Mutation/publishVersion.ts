import * as commands from '../../commands/publish-version.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { givenSlices, refusalOf, requireStaff, requireStrategy } from '../staff.ts';

export const publishVersion: NonNullable<MutationResolvers['publishVersion']> = async (
  _,
  { input },
  context,
) => {
  const staff = requireStaff(context, input.idempotencyKey);
  const { id: strategyId } = await requireStrategy(context, input.strategyId);
  const draft = { strategyId, assets: givenSlices(input.assets) };
  const published = await commands.publishVersion(context, draft, staff);
  return published.ok
    ? { __typename: 'PublishVersionSuccess', strategy: published.value }
    : { __typename: 'PublishVersionRefusal', ...refusalOf(published.error) };
};

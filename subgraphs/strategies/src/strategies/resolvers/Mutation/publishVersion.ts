import type { MutationResolvers } from '../../../generated/graphql.ts';
import { requireStrategy } from '../../../resolvers/input.ts';
import * as commands from '../../commands/publish-version.ts';
import { givenSlices, refusalOf, reload, requireStaff } from '../staff.ts';

export const publishVersion: NonNullable<MutationResolvers['publishVersion']> = async (
  _,
  { input },
  context,
) => {
  const act = requireStaff(context, input);
  const { id: strategyId } = await requireStrategy(context, input.strategyId);
  const draft = { strategyId, assets: givenSlices(input.assets) };
  const published = await commands.publishVersion(context, draft, act);
  return published.ok
    ? { __typename: 'PublishVersionSuccess', strategy: await reload(context, published.value) }
    : { __typename: 'PublishVersionRefusal', ...refusalOf(published.error) };
};

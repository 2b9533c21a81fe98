import type { MutationResolvers } from '../../../generated/graphql.ts';
import { requireStrategy } from '../../../resolvers/input.ts';
import * as commands from '../../commands/archive-strategy.ts';
import { refusalOf, reload, requireStaff } from '../staff.ts';

export const archiveStrategy: NonNullable<MutationResolvers['archiveStrategy']> = async (
  _,
  { input },
  context,
) => {
  const act = requireStaff(context, input);
  const { id } = await requireStrategy(context, input.strategyId);
  const archived = await commands.archiveStrategy(context, id, act);
  return archived.ok
    ? { __typename: 'ArchiveStrategySuccess', strategy: await reload(context, archived.value) }
    : { __typename: 'ArchiveStrategyRefusal', ...refusalOf(archived.error) };
};

import * as commands from '../../commands/archive-strategy.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { refusalOf, requireStaff, requireStrategy } from '../staff.ts';

export const archiveStrategy: NonNullable<MutationResolvers['archiveStrategy']> = async (
  _,
  { input },
  context,
) => {
  const staff = requireStaff(context, input.idempotencyKey);
  const { id } = await requireStrategy(context, input.strategyId);
  const archived = await commands.archiveStrategy(context, id, staff);
  return archived.ok
    ? { __typename: 'ArchiveStrategySuccess', strategy: archived.value }
    : { __typename: 'ArchiveStrategyRefusal', ...refusalOf(archived.error) };
};

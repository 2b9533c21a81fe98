import { boundedText } from '@simplebank/chassis/scalars';
import * as commands from '../../commands/create-strategy.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { givenSlices, refusalOf, requireStaff } from '../staff.ts';

const nameCharsMax = 100;

export const createStrategy: NonNullable<MutationResolvers['createStrategy']> = async (
  _,
  { input },
  context,
) => {
  const staff = requireStaff(context, input.idempotencyKey);
  const name = boundedText(input.name, { field: 'input.name', max: nameCharsMax });
  const draft = { name, assets: givenSlices(input.assets) };
  const created = await commands.createStrategy(context, draft, staff);
  return created.ok
    ? { __typename: 'CreateStrategySuccess', strategy: created.value }
    : { __typename: 'CreateStrategyRefusal', ...refusalOf(created.error) };
};

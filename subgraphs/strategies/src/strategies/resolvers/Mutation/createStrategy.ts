import { boundedText } from '@simplebank/chassis/scalars';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/create-strategy.ts';
import { givenSlices, refusalOf, reload, requireStaff } from '../staff.ts';

const nameCharsMax = 100;

export const createStrategy: NonNullable<MutationResolvers['createStrategy']> = async (
  _,
  { input },
  context,
) => {
  const act = requireStaff(context, input);
  const name = boundedText(input.name, { field: 'input.name', max: nameCharsMax });
  const draft = { name, assets: givenSlices(input.assets) };
  const created = await commands.createStrategy(context, draft, act);
  return created.ok
    ? { __typename: 'CreateStrategySuccess', strategy: await reload(context, created.value) }
    : { __typename: 'CreateStrategyRefusal', ...refusalOf(created.error) };
};

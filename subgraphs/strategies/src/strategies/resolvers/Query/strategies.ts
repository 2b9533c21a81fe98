import { requirePrincipal } from '@simplebank/chassis/auth';
import { numberPlace, pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { activeStrategies } from '../../queries/strategies.ts';

export const strategies: NonNullable<QueryResolvers['strategies']> = async (_, args, context) => {
  requirePrincipal(context.viewer);
  const { first, after } = pageAsked(args, numberPlace);
  const rows = await activeStrategies(context, { first, after });
  return toConnection(rows, { first, placeOf: ({ number }) => [String(number)] });
};

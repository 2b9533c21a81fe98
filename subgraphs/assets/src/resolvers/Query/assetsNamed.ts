import { PublicError } from '@simplebank/chassis/errors';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { assetsByIdOrSymbol } from '../../queries/assets-named.ts';

const namesMax = 50;

/** What the bank trades is no secret: anonymous viewers may look. */
export const assetsNamed: NonNullable<QueryResolvers['assetsNamed']> = (
  _,
  { assetIds },
  context,
) => {
  if (assetIds.length >= 1 && assetIds.length <= namesMax) {
    return assetsByIdOrSymbol(context, assetIds);
  }
  throw new PublicError('BAD_INPUT', `Expected 1 to ${namesMax}.`, { field: 'assetIds' });
};

import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { AssetResolvers } from '../../generated/graphql.ts';
import { placeOf, readPlace } from './places.ts';

export const corporateActions: NonNullable<AssetResolvers['corporateActions']> = async (
  { id: assetId },
  args,
  { loaders },
) => {
  const { first, after } = pageAsked(args, readPlace);
  const actions = await loaders.ownActions.load({ assetId, after, limit: first + 1 });
  return toConnection(actions, { first, placeOf });
};

import { pageAsked, timePlace, toConnection } from '@simplebank/chassis/connections';
import { PublicError } from '@simplebank/chassis/errors';
import type { AssetResolvers } from '../../generated/graphql.ts';

const readPlace = ([at]: readonly unknown[]) => timePlace(at);

export const candles: NonNullable<AssetResolvers['candles']> = async (asset, args, context) => {
  const { first, after } = pageAsked(args, readPlace);
  const { interval, adjusted = 'RAW', from = null, to = null } = args;
  if (from && to && from >= to) {
    throw new PublicError('BAD_INPUT', 'Expected a time after `from`.', { field: 'to' });
  }
  const stretch = { interval, from, to, after, limit: first + 1 };
  const page = await context.loaders.candles.load({ assetId: asset.id, ...stretch, adjusted });
  return toConnection(page, { first, placeOf: ({ startsAt }) => [startsAt.toISOString()] });
};

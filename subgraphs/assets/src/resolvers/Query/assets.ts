import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import { boundedText } from '@simplebank/chassis/scalars';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { matchingAssets } from '../../queries/assets.ts';

const searchCharsMax = 64;
const pageMax = 100;
const searchPageMax = 50;

const readPlace = ([rank, symbol]: readonly unknown[]) =>
  (rank === 0 || rank === 1) && typeof symbol === 'string' ? { rank, symbol } : null;

export const assets: NonNullable<QueryResolvers['assets']> = async (_, args, context) => {
  const text = boundedText(args.search ?? '', { field: 'search', max: searchCharsMax, min: 0 });
  const { first, after } = pageAsked(args, readPlace, text ? searchPageMax : pageMax);
  const matches = await matchingAssets(context, { text, after, limit: first + 1 });
  return toConnection(matches, { first, placeOf: ({ rank, symbol }) => [rank, symbol] });
};

import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { matchingAssets } from '../../queries/search.ts';
import { searchAsked } from '../input.ts';

const pageMax = 100;
const searchPageMax = 50;
const lastRank = 3;

const readPlace = ([rank, symbol]: readonly unknown[]) =>
  typeof rank === 'number' &&
  Number.isInteger(rank) &&
  rank >= 0 &&
  rank <= lastRank &&
  typeof symbol === 'string'
    ? { rank, symbol }
    : null;

export const assets: NonNullable<QueryResolvers['assets']> = async (_, args, context) => {
  const asked = searchAsked(args);
  const { first, after } = pageAsked(args, readPlace, asked.text ? searchPageMax : pageMax);
  const matches = await matchingAssets(context, asked, { after, limit: first + 1 });
  return toConnection(matches, { first, placeOf: ({ rank, symbol }) => [rank, symbol] });
};

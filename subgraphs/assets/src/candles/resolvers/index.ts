import type { Resolvers } from '../../generated/graphql.ts';
import { candles } from './Asset.ts';

export const candleResolvers = {
  Asset: { candles },
  Candle: { start: ({ startsAt }) => startsAt },
} satisfies Resolvers;

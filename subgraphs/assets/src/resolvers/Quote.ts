import { isStale } from '@simplebank/kernel/market-hours';
import type { QuoteResolvers } from '../generated/graphql.ts';

export const Quote: QuoteResolvers = {
  isStale: ({ at }, _, { hours, clock }) => isStale(hours, { at, now: clock.now() }),
};

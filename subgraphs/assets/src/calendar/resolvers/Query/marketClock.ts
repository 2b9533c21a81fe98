import type { QueryResolvers } from '../../../generated/graphql.ts';
import { clockOf } from '../../queries/market-days.ts';

export const marketClock: NonNullable<QueryResolvers['marketClock']> = (
  _,
  { calendar },
  context,
) => {
  const clock = clockOf(context, { at: context.clock.now(), calendar: calendar ?? null });
  if (!clock.ok) throw new Error('the trading calendar has ended');
  return clock.value;
};

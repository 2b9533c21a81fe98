import type { QueryResolvers } from '../../../generated/graphql.ts';
import { clockOf } from '../../queries/market-days.ts';
import { calendarUnknown } from '../unknown.ts';

export const marketClockAt: NonNullable<QueryResolvers['marketClockAt']> = (
  _,
  { at, calendar = null },
  context,
) => {
  const clock = clockOf(context, { at, calendar });
  return clock.ok ? { __typename: 'MarketClock', ...clock.value } : calendarUnknown;
};

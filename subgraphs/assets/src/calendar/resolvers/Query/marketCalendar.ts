import { PublicError } from '@simplebank/chassis/errors';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { daysBetween, marketDaysMax, marketDaysOf } from '../../queries/market-days.ts';
import { calendarUnknown } from '../unknown.ts';

export const marketCalendar: NonNullable<QueryResolvers['marketCalendar']> = (_, { from, to }) => {
  const count = daysBetween(from, to);
  if (count < 1 || count > marketDaysMax) {
    const message = `Expected 1 to ${marketDaysMax} days, the first and the last included.`;
    throw new PublicError('BAD_INPUT', message, { field: 'to' });
  }
  const days = marketDaysOf(from, to);
  return days.ok ? { __typename: 'MarketCalendarDays', days: days.value } : calendarUnknown;
};

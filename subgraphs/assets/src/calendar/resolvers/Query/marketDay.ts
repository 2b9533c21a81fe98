import type { QueryResolvers } from '../../../generated/graphql.ts';
import { marketDayOf } from '../../queries/market-days.ts';
import { calendarUnknown } from '../unknown.ts';

export const marketDay: NonNullable<QueryResolvers['marketDay']> = (_, { date }) => {
  const day = marketDayOf(date);
  return day.ok ? { __typename: 'MarketDay', ...day.value } : calendarUnknown;
};

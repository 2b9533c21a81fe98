import type { Resolvers } from '../../generated/graphql.ts';
import { marketCalendar } from './Query/marketCalendar.ts';
import { marketClock } from './Query/marketClock.ts';
import { marketClockAt } from './Query/marketClockAt.ts';
import { marketDay } from './Query/marketDay.ts';

export const calendarResolvers = {
  Query: { marketCalendar, marketClock, marketClockAt, marketDay },
} satisfies Resolvers;

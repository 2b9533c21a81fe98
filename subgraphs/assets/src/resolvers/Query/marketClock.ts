import { clockAt } from '@simplebank/kernel/calendar';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const marketClock: NonNullable<QueryResolvers['marketClock']> = (_, __, context) => {
  const { hours, clock } = context;
  return hours.calendar === 'always'
    ? { isOpen: true, nextOpen: null, nextClose: null, calendar: 'ALWAYS' }
    : { ...clockAt(clock.now()), calendar: 'NYSE' };
};

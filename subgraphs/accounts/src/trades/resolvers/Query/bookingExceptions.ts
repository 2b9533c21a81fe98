import { requireRole } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { exceptionsOf } from '../../queries/booking-exceptions.ts';

export const bookingExceptions: NonNullable<QueryResolvers['bookingExceptions']> = (
  _,
  { open, ...page },
  { viewer, db },
) => {
  requireRole(viewer, 'support', 'operations');
  return exceptionsOf(db, { ...page, open: open ?? true });
};

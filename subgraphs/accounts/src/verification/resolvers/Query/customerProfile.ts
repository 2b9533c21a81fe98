import { requireRole } from '@simplebank/chassis/auth';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { profileOf } from '../../queries/customers.ts';

export const customerProfile: NonNullable<QueryResolvers['customerProfile']> = (
  _,
  { customerId },
  context,
) => {
  requireRole(context.viewer, 'support', 'operations');
  return profileOf(context, uuidOf(customerId, 'customerId'));
};

import { requireRole } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { customersPage } from '../../queries/customers.ts';

export const customers: NonNullable<QueryResolvers['customers']> = (_, asked, context) => {
  requireRole(context.viewer, 'support', 'operations');
  return customersPage(context, asked);
};

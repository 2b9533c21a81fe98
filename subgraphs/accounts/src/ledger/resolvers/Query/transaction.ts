import { requireRole } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { transactionBy } from '../../queries/transactions.ts';

export const transaction: NonNullable<QueryResolvers['transaction']> = (_, { id }, context) => {
  requireRole(context.viewer, 'support', 'operations');
  return transactionBy(context.db, id);
};

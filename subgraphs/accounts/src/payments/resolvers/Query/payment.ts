import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { paymentBy } from '../../queries/payments.ts';

export const payment: NonNullable<QueryResolvers['payment']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return paymentBy(context, id);
};

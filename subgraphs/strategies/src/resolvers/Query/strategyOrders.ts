import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { orderPage } from '../../queries/strategy-orders.ts';
import { idOrNumber, pageQuestion } from '../input.ts';

export const strategyOrders: NonNullable<QueryResolvers['strategyOrders']> = (_, args, context) => {
  requirePrincipal(context.viewer);
  const account = idOrNumber(args.accountId, 'accountId');
  return orderPage(context, context.viewer, { ...pageQuestion(args), account });
};

import { totalOf } from '../domain/fees.ts';
import type { OrderFeesResolvers } from '../generated/graphql.ts';

export const OrderFees: OrderFeesResolvers = {
  total: ({ fees, currency }) => ({ amount: totalOf(fees), currency }),
  commission: ({ fees, currency }) => ({ amount: fees.commission, currency }),
  sec: ({ fees, currency }) => ({ amount: fees.sec, currency }),
  taf: ({ fees, currency }) => ({ amount: fees.taf, currency }),
};

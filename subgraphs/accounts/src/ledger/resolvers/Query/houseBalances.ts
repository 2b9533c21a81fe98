import { requireRole } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { houseBalancesOf } from '../../queries/houses.ts';

export const houseBalances: NonNullable<QueryResolvers['houseBalances']> = (_, __, context) => {
  requireRole(context.viewer, 'support', 'operations');
  return houseBalancesOf(context.db);
};

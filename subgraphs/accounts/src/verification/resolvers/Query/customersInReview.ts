import { requireRole } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import * as queries from '../../queries/customers.ts';

export const customersInReview: NonNullable<QueryResolvers['customersInReview']> = async (
  _,
  { first },
  context,
) => {
  requireRole(context.viewer, 'support', 'operations');
  const ids = await queries.customersInReview(context, first);
  const customers = await Promise.all(ids.map((id) => context.loaders.identities.load(id)));
  return customers.filter((customer) => customer !== null);
};

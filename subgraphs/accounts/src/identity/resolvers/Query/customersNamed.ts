import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { customersNamed as named } from '../../queries/customers.ts';

export const customersNamed: NonNullable<QueryResolvers['customersNamed']> = (
  _,
  { ids },
  context,
) => {
  requirePrincipal(context.viewer);
  return named(context, ids);
};

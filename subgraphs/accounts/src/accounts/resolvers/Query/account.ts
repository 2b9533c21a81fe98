import type { QueryResolvers } from '../../../generated/graphql.ts';
import { accountBy } from '../../queries/accounts.ts';

export const account: NonNullable<QueryResolvers['account']> = (_, { id }, context) =>
  accountBy(context, id);

import type { AccountResolvers } from '../../generated/graphql.ts';
import { statementsOf } from '../queries/statements.ts';

export const Account: AccountResolvers = {
  statements: ({ id }, page, { db }) => statementsOf(db, id, page),
};

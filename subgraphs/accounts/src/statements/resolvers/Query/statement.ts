import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { statementBy } from '../../queries/statements.ts';

export const statement: NonNullable<QueryResolvers['statement']> = (_, asked, context) => {
  requirePrincipal(context.viewer);
  return statementBy(context, asked);
};

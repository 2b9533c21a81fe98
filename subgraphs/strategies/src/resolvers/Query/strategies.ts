import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { strategyPage } from '../../queries/strategies.ts';
import { pageQuestion } from '../input.ts';

export const strategies: NonNullable<QueryResolvers['strategies']> = (_, args, context) => {
  requirePrincipal(context.viewer);
  return strategyPage(context, pageQuestion(args));
};

import { requireRole } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { errorPositions, missingSharesPage } from '../../queries/missing-shares.ts';

export const missingShares: NonNullable<QueryResolvers['missingShares']> = (
  _,
  { open, ...page },
  context,
) => {
  requireRole(context.viewer, 'support', 'operations');
  return missingSharesPage(context, { ...page, open: open ?? true });
};

export const houseErrorPositions: NonNullable<QueryResolvers['houseErrorPositions']> = (
  _,
  __,
  context,
) => {
  requireRole(context.viewer, 'support', 'operations');
  return errorPositions(context);
};

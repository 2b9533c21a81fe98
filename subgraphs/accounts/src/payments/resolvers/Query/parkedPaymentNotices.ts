import { requireRole } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { parkedNotices } from '../../queries/notices.ts';

export const parkedPaymentNotices: NonNullable<QueryResolvers['parkedPaymentNotices']> = (
  _,
  page,
  context,
) => {
  requireRole(context.viewer, 'support', 'operations');
  return parkedNotices(context, page);
};

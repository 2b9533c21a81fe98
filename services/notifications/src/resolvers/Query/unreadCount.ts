import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { unreadOf } from '../../queries/messages.ts';

export const unreadCount: NonNullable<QueryResolvers['unreadCount']> = (_, __, context) =>
  unreadOf(context, requirePrincipal(context.viewer).customerId);

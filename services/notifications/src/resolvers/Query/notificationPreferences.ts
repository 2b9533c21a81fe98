import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { preferencesOf } from '../../queries/preferences.ts';

type Resolver = NonNullable<QueryResolvers['notificationPreferences']>;

export const notificationPreferences: Resolver = async (_, __, context) => [
  ...(await preferencesOf(context, requirePrincipal(context.viewer).customerId)),
];

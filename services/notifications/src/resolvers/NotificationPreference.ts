import type { NotificationPreferenceResolvers } from '../generated/graphql.ts';

export const NotificationPreference: NotificationPreferenceResolvers = {
  canBeTurnedOff: ({ kind }) => kind !== 'SECURITY',
};

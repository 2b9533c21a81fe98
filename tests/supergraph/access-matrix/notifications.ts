import { type Matrix, ofOwner, own, staffReads } from './matrix.ts';

export const notifications: Matrix = {
  'Query.notifications': own,
  'Query.unreadCount': own,
  'Query.notificationPreferences': own,
  'Query.deliveries': staffReads,
  'Mutation.setNotificationPreference': own,
  'Mutation.markNotificationsRead': ofOwner,
};

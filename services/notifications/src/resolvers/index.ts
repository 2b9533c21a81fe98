import { scalars } from '@simplebank/chassis/scalars';
import type { Resolvers } from '../generated/graphql.ts';
import { Delivery } from './Delivery.ts';
import { markNotificationsRead } from './Mutation/markNotificationsRead.ts';
import { setNotificationPreference } from './Mutation/setNotificationPreference.ts';
import { Notification } from './Notification.ts';
import { NotificationPreference } from './NotificationPreference.ts';
import { deliveries } from './Query/deliveries.ts';
import { notificationPreferences } from './Query/notificationPreferences.ts';
import { notifications } from './Query/notifications.ts';
import { unreadCount } from './Query/unreadCount.ts';

export const resolvers: Resolvers = {
  DateTime: scalars.DateTime,
  Query: { notifications, unreadCount, notificationPreferences, deliveries },
  Mutation: { setNotificationPreference, markNotificationsRead },
  Notification,
  NotificationPreference,
  Delivery,
};

import type { Cause, Fact } from '@simplebank/contracts/event';
import { NotificationDeliveredV1 } from '@simplebank/contracts/notifications';
import type { Notification } from '../domain/notification.ts';

export const notificationDelivered = (
  { id, customerId, kind, channel }: Notification,
  cause: Cause,
): Fact => ({
  contract: NotificationDeliveredV1,
  aggregateId: id,
  aggregateVersion: 1,
  payload: { notificationId: id, customerId, kind, channel },
  cause,
});

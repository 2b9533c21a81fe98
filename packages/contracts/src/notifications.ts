import { z } from 'zod';
import { event, type PayloadOf } from './event.ts';

export const NotificationDeliveredV1 = event(
  'notifications.notification-delivered.v1',
  z.object({
    notificationId: z.uuid(),
    customerId: z.uuid(),
    kind: z.string(),
    channel: z.enum(['IN_APP', 'EMAIL', 'PUSH', 'SMS']),
  }),
);
export type NotificationDeliveredV1 = PayloadOf<typeof NotificationDeliveredV1>;

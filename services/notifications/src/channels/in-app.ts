import type { Channel } from '../channel.ts';
import type { Database } from '../data/client.ts';
import { insertInAppMessage } from '../data/in-app-messages.ts';

/** The customer finds the message in the application. It needs no address. */
export const inAppChannel = (db: Database): Channel => ({
  name: 'IN_APP',
  deliver: ({ id, customerId, kind, title, text, at }) =>
    insertInAppMessage(db, { id, customerId, kind, title, text, createdAt: at }),
});

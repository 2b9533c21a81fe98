import type { Channel } from '../channel.ts';
import type { Database } from '../data/client.ts';
import { insertInAppMessages, type NewInAppMessage } from '../data/in-app-messages.ts';

type Batch = { readonly messages: NewInAppMessage[]; readonly written: Promise<void> };

const batchMax = 100;

/**
 * The customer finds the message in the application. It needs no address. What is delivered at the
 * same moment is written by one statement; a message that is there already stays as it is.
 */
export function inAppChannel(db: Database): Channel {
  let batch: Batch | null = null;

  const openBatch = (): Batch => {
    const messages: NewInAppMessage[] = [];
    const written = Promise.resolve().then(() => {
      batch = null;
      return insertInAppMessages(db, messages);
    });
    return { messages, written };
  };
  return {
    ...{ name: 'IN_APP', lanes: 1, batchMax, onePerCustomer: false },
    isPassable: () => true,
    deliver: ({ at, ...message }) => {
      batch ??= openBatch();
      batch.messages.push({ ...message, createdAt: at });
      return batch.written;
    },
    close: async () => {},
  };
}

import type { Kind } from '../domain/notification.ts';
import type { Database } from './client.ts';

export type InAppMessage = {
  readonly id: string;
  readonly customerId: string;
  readonly kind: Kind;
  readonly title: string;
  readonly text: string;
  readonly createdAt: Date;
};

/** A message that is there already stays as it is, read or not. */
export async function insertInAppMessage(db: Database, message: InAppMessage): Promise<void> {
  await db.inAppMessage.createMany({ data: [message], skipDuplicates: true });
}

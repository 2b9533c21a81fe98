import type { Kind } from '../domain/kinds.ts';
import type { Database, Tx } from './client.ts';

/** What a customer finds in the application. */
export type InAppMessage = {
  readonly id: string;
  readonly customerId: string;
  readonly accountId: string | null;
  readonly kind: Kind;
  readonly title: string;
  readonly text: string;
  readonly createdAt: Date;
  readonly readAt: Date | null;
};
export type NewInAppMessage = Omit<InAppMessage, 'readAt'>;

/** A message that is there already stays as it is, read or not. */
export async function insertInAppMessages(
  db: Database,
  messages: readonly NewInAppMessage[],
): Promise<void> {
  await db.inAppMessage.createMany({ data: [...messages], skipDuplicates: true });
}

/** Where a row stands in a list that is ordered by time and id, newest first. */
export type Place = { readonly at: Date; readonly id: string };
export type MessageQuestion = {
  readonly customerId: string;
  readonly unreadOnly: boolean;
  readonly first: number;
  readonly after: Place | null;
};

/** Newest first; one row more than asked for. */
export async function listInAppMessages(
  db: Database,
  { customerId, unreadOnly, first, after }: MessageQuestion,
): Promise<readonly InAppMessage[]> {
  const rows = await db.$queryRaw<InAppMessage[]>`
    /* notifications.list-messages */
    SELECT id::text, customer_id::text AS "customerId", account_id::text AS "accountId", kind,
      title, text, created_at AS "createdAt", read_at AS "readAt"
    FROM in_app_message
    WHERE customer_id = ${customerId}::uuid AND (read_at IS NULL OR NOT ${unreadOnly}::boolean)
      AND (${after === null}::boolean OR (created_at, id) <
        (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY created_at DESC, id DESC LIMIT ${first + 1}::int`;
  return rows;
}

export const countUnread = (db: Database | Tx, customerId: string): Promise<number> =>
  db.inAppMessage.count({ where: { customerId, readAt: null } });

/** How many of these are messages of this customer. */
export const countOwn = (tx: Tx, customerId: string, ids: readonly string[]): Promise<number> =>
  tx.inAppMessage.count({ where: { customerId, id: { in: [...ids] } } });

export type Reading = {
  readonly customerId: string;
  /** Null for all that came up to `before`. */
  readonly ids: readonly string[] | null;
  readonly before: Date;
  readonly at: Date;
};

/** Marks what is unread; a message that was read keeps its time. Answers how many were marked. */
export async function markRead(tx: Tx, { customerId, ids, before, at }: Reading): Promise<number> {
  return tx.$executeRaw`
    /* notifications.mark-read */
    UPDATE in_app_message SET read_at = ${at}::timestamptz
    WHERE customer_id = ${customerId}::uuid AND read_at IS NULL
      AND (${ids === null}::boolean OR id = ANY(${[...(ids ?? [])]}::uuid[]))
      AND (${ids !== null}::boolean OR created_at <= ${before}::timestamptz)`;
}

/** Removes messages older than that, at most `most` at once. */
export async function dropMessagesBefore(tx: Tx, before: Date, most: number): Promise<number> {
  return tx.$executeRaw`
    /* notifications.drop-messages */
    DELETE FROM in_app_message WHERE id IN (
      SELECT id FROM in_app_message WHERE created_at < ${before}::timestamptz
      ORDER BY created_at LIMIT ${most}::int)`;
}

/** Answers in the order of `ids`, as DataLoader requires; unknown and foreign ids answer null. */
export async function findInAppMessages(
  db: Database,
  customerId: string,
  ids: readonly string[],
): Promise<readonly (InAppMessage | null)[]> {
  const rows = await db.inAppMessage.findMany({ where: { customerId, id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row as InAppMessage]));
  return ids.map((id) => byId.get(id) ?? null);
}

import type { Viewer } from '@simplebank/chassis/auth';
import {
  countUnread,
  findInAppMessages,
  type InAppMessage,
  listInAppMessages,
  type MessageQuestion,
} from '../data/in-app-messages.ts';
import type { Deps } from '../deps.ts';

type Reader = Pick<Deps, 'db'>;

/** Newest first, one more than asked for. */
export const messagesOf = (
  { db }: Reader,
  question: MessageQuestion,
): Promise<readonly InAppMessage[]> => listInAppMessages(db, question);

export const unreadOf = ({ db }: Reader, customerId: string): Promise<number> =>
  countUnread(db, customerId);

/** In the order of `ids`; null for what is unknown or another customer's. */
export async function ownMessages(
  { db }: Reader,
  viewer: Viewer,
  ids: readonly string[],
): Promise<readonly (InAppMessage | null)[]> {
  if (viewer.kind === 'anonymous') return ids.map(() => null);
  return findInAppMessages(db, viewer.customerId, ids);
}

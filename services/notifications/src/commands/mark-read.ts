import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { countOwn, countUnread, markRead } from '../data/in-app-messages.ts';
import type { Deps } from '../deps.ts';
import { once } from './once.ts';

export type MarkReadDraft = {
  readonly customerId: string;
  /** Some messages, or all that came up to a moment. */
  readonly which: { readonly ids: readonly string[] } | { readonly allBefore: Date };
  readonly idempotencyKey: string | null;
};
export type Marked = { readonly marked: number; readonly unreadCount: number };

/** All of them or, when one of them is not the customer's, none. */
export function markMessagesRead(
  deps: Deps,
  { customerId, which, idempotencyKey: key }: MarkReadDraft,
): Promise<Result<Marked, 'NOT_FOUND' | 'IDEMPOTENCY_KEY_REUSED'>> {
  const ask = { ownerId: customerId, key, command: 'markNotificationsRead', input: which };
  return once(deps, ask, async (tx) => {
    const at = deps.clock.now();
    const ids = 'ids' in which ? [...new Set(which.ids)] : null;
    if (ids && (await countOwn(tx, customerId, ids)) < ids.length) return refuse('NOT_FOUND');
    const before = 'allBefore' in which ? which.allBefore : at;
    const marked = await markRead(tx, { customerId, ids, before, at });
    return ok({ marked, unreadCount: await countUnread(tx, customerId) });
  });
}

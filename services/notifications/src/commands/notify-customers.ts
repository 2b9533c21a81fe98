import type { Tx } from '../data/client.ts';
import { findAccounts } from '../data/copies.ts';
import { queueNotifications } from '../data/notifications.ts';
import type { Deps } from '../deps.ts';
import type { Facts, Kind } from '../domain/notification.ts';

export type Occasion = {
  readonly eventId: string;
  readonly kind: Kind;
  readonly accountId: string;
  readonly facts: Facts;
  /** Who is told when the event itself says who owns the account; else the owners now known. */
  readonly ownerIds?: readonly string[];
  readonly correlationId: string;
  readonly traceparent: string | null;
};

/**
 * Queues a message to each owner of the account over each channel, once per event. Answers false,
 * and queues nothing, when an account is not known yet: nobody can tell who its owners are.
 */
export async function notifyOwners(
  tx: Tx,
  { clock, newId, channels }: Pick<Deps, 'clock' | 'newId' | 'channels'>,
  occasions: readonly Occasion[],
): Promise<boolean> {
  const accounts = await findAccounts(
    tx,
    occasions.map(({ accountId }) => accountId),
  );
  if (occasions.some(({ accountId }) => !accounts.has(accountId))) return false;
  const queuedAt = clock.now();
  await queueNotifications(
    tx,
    occasions.flatMap(({ accountId, ownerIds, ...occasion }) => {
      const account = accounts.get(accountId);
      const facts = { ...occasion.facts, account: account?.number ?? '' };
      return (ownerIds ?? account?.ownerIds ?? []).flatMap((customerId) =>
        channels.map(({ name: channel }) => {
          return { ...occasion, id: newId(), customerId, channel, facts, queuedAt };
        }),
      );
    }),
  );
  return true;
}

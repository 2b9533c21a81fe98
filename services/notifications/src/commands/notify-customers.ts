import type { Tx } from '../data/client.ts';
import { findAccounts } from '../data/copies.ts';
import { type NewNotification, queueNotifications } from '../data/notifications.ts';
import { findAudience } from '../data/preferences.ts';
import type { Deps } from '../deps.ts';
import { kindOf, type Template } from '../domain/kinds.ts';
import type { Facts, SuppressReason } from '../domain/notification.ts';

type Told = {
  readonly eventId: string;
  readonly template: Template;
  readonly facts: Facts;
  /** Set when only the application tells of it; the log of every other channel says why. */
  readonly inAppOnly?: SuppressReason;
  readonly correlationId: string;
  readonly traceparent: string | null;
};
/** Something about an account, of which each owner is told. */
export type AccountOccasion = Told & {
  readonly accountId: string;
  /** Who is told when the event itself says who owns the account; else the owners now known. */
  readonly ownerIds?: readonly string[];
};
/** Something about one customer. */
export type CustomerOccasion = Told & { readonly customerId: string };

type Writing = Pick<Deps, 'clock' | 'newId' | 'channels'>;
type Recipient = Pick<NewNotification, 'customerId' | 'accountId'>;

/**
 * Queues a message to each owner of the account over each channel, once per event. Answers false,
 * and queues nothing, when an account is not known yet: nobody can tell who its owners are.
 */
export async function notifyOwners(
  tx: Tx,
  deps: Writing,
  occasions: readonly AccountOccasion[],
): Promise<boolean> {
  const ids = occasions.map(({ accountId }) => accountId);
  const accounts = await findAccounts(tx, ids);
  if (ids.some((id) => !accounts.has(id))) return false;
  const rows = occasions.flatMap(({ accountId, ownerIds, ...told }) => {
    const account = accounts.get(accountId);
    const facts = { ...told.facts, account: account?.number ?? '' };
    return (ownerIds ?? account?.ownerIds ?? []).flatMap((customerId) =>
      overEachChannel(deps, { ...told, facts }, { customerId, accountId }),
    );
  });
  await queueNotifications(tx, rows);
  return true;
}

/** Queues a message to the customer over each channel, once per event. */
export async function notifyCustomers(
  tx: Tx,
  deps: Writing,
  occasions: readonly CustomerOccasion[],
): Promise<void> {
  const rows = occasions.flatMap(({ customerId, ...told }) =>
    overEachChannel(deps, told, { customerId, accountId: null }),
  );
  await queueNotifications(tx, rows);
}

/** Queues a message to whoever has asked to hear of such things, over the channels they chose. */
export async function notifyAudience(
  tx: Tx,
  deps: Writing,
  occasions: readonly Told[],
): Promise<void> {
  const audience = await findAudience(
    tx,
    deps.channels.map(({ name }) => name),
  );
  const rows = occasions.flatMap((told) =>
    audience.map(({ customerId, channel }) =>
      rowOf(deps, told, { customerId, accountId: null, channel }),
    ),
  );
  await queueNotifications(tx, rows);
}

const overEachChannel = (deps: Writing, told: Told, to: Recipient): NewNotification[] =>
  deps.channels.map(({ name: channel }) => rowOf(deps, told, { ...to, channel }));

function rowOf(
  { clock, newId }: Writing,
  { inAppOnly = undefined, ...told }: Told,
  to: Recipient & Pick<NewNotification, 'channel'>,
): NewNotification {
  const kind = kindOf(told.template);
  const suppressed = to.channel === 'IN_APP' ? null : (inAppOnly ?? null);
  return { ...told, ...to, id: newId(), kind, suppressed, queuedAt: clock.now() };
}

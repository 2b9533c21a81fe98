import { dropKeysBefore } from '../data/command-keys.ts';
import { dropMessagesBefore } from '../data/in-app-messages.ts';
import { dropNotificationsBefore, suppressUnoffered } from '../data/notifications.ts';
import type { Deps } from '../deps.ts';

const dayMs = 86_400_000;
/** A customer finds what came within thirteen months; the delivery log goes back as far. */
export const keptDays = 400;
/** A start without a mail server by mistake must not cost what waits to be mailed. */
const unofferedMsMax = dayMs;
const rowsMax = 1_000;

const before = (at: Date, ms: number): Date => new Date(at.getTime() - ms);

/** Removes messages and delivery log of old, and keys whose time is over; a bounded piece a run. */
export async function dropOld({ transact, clock }: Deps): Promise<void> {
  const at = clock.now();
  const oldest = before(at, keptDays * dayMs);
  // One after another, each in a short transaction of its own.
  await transact((tx) => dropMessagesBefore(tx, oldest, rowsMax));
  await transact((tx) => dropNotificationsBefore(tx, oldest, rowsMax));
  await transact((tx) => dropKeysBefore(tx, at, rowsMax));
}

/** What has waited for a day for a channel that is not configured any more waits in vain. */
export async function endUnoffered({ transact, clock, channels, log }: Deps): Promise<void> {
  const at = clock.now();
  const offered = channels.map(({ name }) => name);
  const queuedBefore = before(at, unofferedMsMax);
  const ended = await transact((tx) => suppressUnoffered(tx, { offered, queuedBefore, at }));
  if (ended === 0) return;
  const fields = { error_code: 'CHANNEL_NOT_CONFIGURED', notifications: ended };
  log.warn(fields, 'notifications waited for a channel that is not configured');
}

import { publish } from '@simplebank/chassis/outbox';
import { inSpan } from '@simplebank/chassis/spans';
import { inStory } from '@simplebank/chassis/story';
import { type Channel, NotDelivered, NotTried, Unreachable } from '../channel.ts';
import {
  type Claimed,
  claimDue,
  type Outcome,
  putOff,
  recordOutcomes,
} from '../data/notifications.ts';
import type { Deps } from '../deps.ts';
import { type Attempt, afterAttempt } from '../domain/notification.ts';
import { isWanted } from '../domain/preference.ts';
import { notificationDelivered } from '../events/published.ts';
import { render } from '../templates/render.ts';

/** How long a delivery may take before another process tries its message again. */
const leaseMs = 60_000;

export type Room = {
  readonly max: number;
  /** Customers with a delivery under way. */
  readonly busy: readonly string[];
};

/** Takes what is due on a channel; nothing while the channel cannot be called. */
export async function claimFor(
  { clock, db }: Deps,
  { name, isPassable, onePerCustomer }: Channel,
  { max, busy }: Room,
): Promise<readonly Claimed[]> {
  if (!isPassable()) return [];
  const at = clock.now();
  const leaseUntil = new Date(at.getTime() + leaseMs);
  const notFor = onePerCustomer ? busy : null;
  return claimDue(db, { channel: name, at, leaseUntil, max, notFor });
}

/**
 * Delivers what was claimed and records the outcomes together. The channel is called outside of any
 * transaction; a crash after it leads to a second call with the same id, by which the channel, or
 * whoever receives the mail, recognizes it. The preference counts that holds now.
 */
export async function deliverClaimed(
  deps: Deps,
  channel: Channel,
  claimed: readonly Claimed[],
): Promise<void> {
  const attempts = await Promise.all(claimed.map((one) => attempt(deps, channel, one)));
  const now = deps.clock.now();
  const outcomes = claimed.map((notification, index): Outcome => {
    const attempt = attempts[index] ?? { outcome: 'NOT_TRIED' };
    return { notification, attempt, after: afterAttempt(notification.attempts, attempt, now) };
  });
  await record(deps, channel, { outcomes, at: now });
}

/** Delivers what is due now on a channel, lane by lane; answers how many it tried. */
export async function deliverDue(deps: Deps, channel: Channel): Promise<number> {
  const { lanes, batchMax } = channel;
  const due = await claimFor(deps, channel, { max: lanes * batchMax, busy: [] });
  await Promise.all(batchesOf(due, batchMax).map((batch) => deliverClaimed(deps, channel, batch)));
  return due.length;
}

export const batchesOf = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, batch) =>
    items.slice(batch * size, (batch + 1) * size),
  );

async function attempt(deps: Deps, channel: Channel, claimed: Claimed): Promise<Attempt> {
  const { id, customerId, accountId, kind, template, facts, queuedAt: at, chosen } = claimed;
  if (!isWanted(kind, chosen)) return { outcome: 'SUPPRESSED', reason: 'PREFERENCE_OFF' };
  try {
    const message = { id, customerId, accountId, kind, ...render(template, facts), at };
    const deliver = () => within(deps.deliveryMsMax, channel.deliver(message));
    await inItsStory(claimed, deliver);
    return { outcome: 'SENT' };
  } catch (error) {
    if (error instanceof NotTried) return { outcome: 'NOT_TRIED' };
    if (error instanceof Unreachable) {
      return { outcome: 'SUPPRESSED', reason: 'ADDRESS_NOT_VALID' };
    }
    const answered = !(error instanceof NotDelivered) || error.answered;
    return { outcome: 'FAILED', error: told(deps, claimed, error), answered };
  }
}

/** The delivery belongs to the story of what is told, down to the mail. */
function inItsStory(
  { channel, correlationId, traceparent: parent, kind }: Claimed,
  deliver: Deliver,
) {
  const name = `deliver ${channel.toLowerCase()}`;
  const attributes = { 'simplebank.notification': kind };
  return inSpan({ service: 'notifications', name, kind: 'internal', parent, attributes }, (span) =>
    inStory({ requestId: correlationId, traceparent: span.traceparent }, deliver),
  );
}
type Deliver = () => Promise<void>;

/** What the log may say of it: the words of a provider may hold an address, so only a bug's do. */
function told({ log }: Deps, { id, channel, kind }: Claimed, error: unknown): string {
  const fields = { notification_id: id, channel, kind, error_code: 'NOT_DELIVERED' };
  if (error instanceof NotDelivered) {
    log.warn({ ...fields, reason: error.message }, 'a notification was not delivered');
    return error.message;
  }
  log.error({ ...fields, error }, 'a notification could not be delivered');
  return 'INTERNAL';
}

/** A channel that never answers must not hold up the messages of all others. */
async function within(ms: number, delivery: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotDelivered('TIMEOUT', { answered: false })), ms);
  });
  await Promise.race([delivery, deadline]).finally(() => clearTimeout(timer));
}

type Recording = { readonly outcomes: readonly Outcome[]; readonly at: Date };

async function record(
  { transact, ...deps }: Deps,
  { name: channel, onePerCustomer }: Channel,
  { outcomes, at }: Recording,
): Promise<void> {
  await transact(async (tx) => {
    const saved = await recordOutcomes(tx, outcomes, at);
    const customers = onePerCustomer ? outcomes.flatMap(silentOf) : [];
    await putOff(tx, { channel, customers, at });
    const sent = outcomes.filter(
      ({ notification, after }) => after.state === 'SENT' && saved.has(notification.id),
    );
    const facts = sent.map(({ notification }) => {
      const { correlationId, eventId: causationId, traceparent } = notification;
      return notificationDelivered(notification, { correlationId, causationId, traceparent });
    });
    await publish(tx, deps, facts);
  });
}

/** Whom to leave alone and until when, if there was no answer at all. */
function silentOf({ notification: { customerId }, attempt, after }: Outcome) {
  const isSilent = attempt.outcome === 'FAILED' && !attempt.answered;
  return isSilent && after.state === 'QUEUED' ? [{ customerId, until: after.nextAttemptAt }] : [];
}

import { publish } from '@simplebank/chassis/outbox';
import { type Claimed, claimDue, type Outcome, recordOutcomes } from '../data/notifications.ts';
import type { Deps } from '../deps.ts';
import { type Attempt, afterAttempt } from '../domain/notification.ts';
import { notificationDelivered } from '../events/published.ts';
import { render } from '../templates/texts.ts';

const deliveriesMax = 100;
/** How long one round may take before another process tries its messages again. */
const leaseMs = 60_000;
const errorCharsMax = 200;

/**
 * Delivers what is due. The channel is called outside of any transaction; a crash after it leads to
 * a second call with the same id, which the channel recognizes. Answers how many it tried.
 */
export async function deliverDue(deps: Deps): Promise<number> {
  const { clock, db } = deps;
  const at = clock.now();
  const leaseUntil = new Date(at.getTime() + leaseMs);
  const due = await claimDue(db, { at, leaseUntil, max: deliveriesMax });
  if (due.length === 0) return 0;
  const attempts = await Promise.all(due.map((notification) => attempt(deps, notification)));
  const now = clock.now();
  const outcomes = due.map((notification, index): Outcome => {
    const attempt = attempts[index] ?? { outcome: 'FAILED', error: 'not tried' };
    return { notification, attempt, after: afterAttempt(notification.attempts, attempt, now) };
  });
  await record(deps, outcomes, now);
  return due.length;
}

async function attempt(
  { channels, log, deliveryMsMax }: Deps,
  { id, customerId, channel: name, kind, facts, queuedAt }: Claimed,
): Promise<Attempt> {
  try {
    const channel = channels.find((one) => one.name === name);
    if (!channel) throw new Error(`no channel ${name}`);
    const message = { id, customerId, kind, ...render(kind, facts), at: queuedAt };
    await within(deliveryMsMax, channel.deliver(message));
    return { outcome: 'SENT' };
  } catch (error) {
    const fields = { notification_id: id, channel: name, kind, error_code: 'NOT_DELIVERED' };
    log.warn({ ...fields, error }, 'a notification was not delivered');
    const text = error instanceof Error ? error.message : String(error);
    return { outcome: 'FAILED', error: text.slice(0, errorCharsMax) };
  }
}

/** A channel that never answers must not hold up the messages of all others. */
async function within(ms: number, delivery: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  await Promise.race([delivery, deadline]).finally(() => clearTimeout(timer));
}

async function record(
  { transact, ...deps }: Deps,
  outcomes: readonly Outcome[],
  at: Date,
): Promise<void> {
  await transact(async (tx) => {
    const saved = await recordOutcomes(tx, outcomes, at);
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

import type { ChannelName, Kind, Template } from '../domain/kinds.ts';
import type {
  AfterAttempt,
  Attempt,
  Facts,
  Notification,
  SuppressReason,
} from '../domain/notification.ts';
import type { Database, Tx } from './client.ts';

export type NewNotification = {
  readonly id: string;
  readonly eventId: string;
  readonly customerId: string;
  readonly accountId: string | null;
  readonly channel: ChannelName;
  readonly kind: Kind;
  readonly template: Template;
  readonly facts: Facts;
  /** Set for what is never sent over this channel: the log tells of it all the same. */
  readonly suppressed: SuppressReason | null;
  readonly correlationId: string;
  readonly traceparent: string | null;
  readonly queuedAt: Date;
};

/** Once per (event, customer, channel), however often the event comes. */
export async function queueNotifications(
  tx: Tx,
  notifications: readonly NewNotification[],
): Promise<void> {
  if (notifications.length === 0) return;
  await tx.$executeRaw`
    /* notifications.queue */
    INSERT INTO notification (id, event_id, customer_id, account_id, channel, kind, template, facts,
      state, reason, correlation_id, traceparent, queued_at, next_attempt_at, ended_at)
    SELECT id, "eventId", "customerId", "accountId", channel, kind, template, facts,
      CASE WHEN suppressed IS NULL THEN 'QUEUED' ELSE 'SUPPRESSED' END, suppressed,
      "correlationId", traceparent, "queuedAt", "queuedAt",
      CASE WHEN suppressed IS NULL THEN NULL ELSE "queuedAt" END
    FROM jsonb_to_recordset(${JSON.stringify(notifications)}::jsonb) AS input (id uuid,
      "eventId" uuid, "customerId" uuid, "accountId" uuid, channel text, kind text, template text,
      facts jsonb, suppressed text, "correlationId" text, traceparent text, "queuedAt" timestamptz)
    ON CONFLICT (event_id, customer_id, channel) DO NOTHING`;
}

export type Claimed = Notification & {
  readonly eventId: string;
  readonly correlationId: string;
  readonly traceparent: string | null;
  /** What the customer has chosen for this kind and channel; null for no choice. */
  readonly chosen: boolean | null;
  readonly leaseUntil: Date;
};
export type Claim = {
  readonly channel: ChannelName;
  readonly at: Date;
  readonly leaseUntil: Date;
  readonly max: number;
  /** Takes at most one for each customer, and none for these, who have one under way. */
  readonly notFor: readonly string[] | null;
};

/** How many due rows a claim looks through for different customers; an outage leaves many more. */
const windowMax = 500;

/**
 * Takes due notifications of a channel and leases them; after a crash they come back when the lease
 * ends. One statement, which is its own transaction: an idle service asks it every second.
 */
export const claimDue = (
  db: Database,
  { channel, at, leaseUntil, max, notFor }: Claim,
): Promise<readonly Claimed[]> => db.$queryRaw<Claimed[]>`
    /* notifications.claim-due */
    WITH seen AS (
      SELECT id, customer_id, next_attempt_at,
        row_number() OVER (PARTITION BY customer_id ORDER BY next_attempt_at, id) AS nth
      FROM (SELECT id, customer_id, next_attempt_at FROM notification
        WHERE state = 'QUEUED' AND channel = ${channel} AND next_attempt_at <= ${at}::timestamptz
          AND customer_id <> ALL(${[...(notFor ?? [])]}::uuid[])
        ORDER BY next_attempt_at, id LIMIT ${windowMax}::int) AS oldest
    ), due AS (
      SELECT n.id FROM notification n JOIN seen ON seen.id = n.id
      WHERE n.state = 'QUEUED' AND n.next_attempt_at <= ${at}::timestamptz
        AND (nth = 1 OR ${notFor === null}::boolean)
      ORDER BY seen.next_attempt_at, seen.id LIMIT ${max}::int FOR UPDATE OF n SKIP LOCKED
    )
    UPDATE notification n SET next_attempt_at = ${leaseUntil}::timestamptz
    FROM due WHERE n.id = due.id
    RETURNING n.id::text, event_id::text AS "eventId", customer_id::text AS "customerId",
      account_id::text AS "accountId", channel, kind, template, facts, queued_at AS "queuedAt",
      attempts, correlation_id AS "correlationId", traceparent, next_attempt_at AS "leaseUntil",
      (SELECT enabled FROM preference p WHERE p.customer_id = n.customer_id AND p.kind = n.kind
        AND p.channel = n.channel) AS chosen`;

export type Outcome = {
  readonly notification: Claimed;
  readonly attempt: Attempt;
  readonly after: AfterAttempt;
};

/**
 * Writes what each attempt came to, unless its lease has passed to somebody else; answers the ids
 * that were written.
 */
export async function recordOutcomes(
  tx: Tx,
  outcomes: readonly Outcome[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const rows = outcomes.map(({ notification: { id, leaseUntil }, attempt, after }) => ({
    ...{ id, leaseUntil, attempts: after.attempts, state: after.state },
    ...{ outcome: attempt.outcome, error: attempt.outcome === 'FAILED' ? attempt.error : null },
    reason: 'reason' in after ? after.reason : null,
    nextAttemptAt: after.state === 'QUEUED' ? after.nextAttemptAt : at,
  }));
  const json = JSON.stringify(rows);
  const saved = await tx.$queryRaw<{ id: string }[]>`
    /* notifications.record-outcomes */
    UPDATE notification SET state = input.state, reason = input.reason,
      attempts = input.attempts, next_attempt_at = input."nextAttemptAt",
      ended_at = CASE WHEN input.state = 'QUEUED' THEN NULL ELSE ${at}::timestamptz END
    FROM jsonb_to_recordset(${json}::jsonb) AS input (id uuid, "leaseUntil" timestamptz,
      attempts int, state text, reason text, "nextAttemptAt" timestamptz)
    WHERE notification.id = input.id AND notification.state = 'QUEUED'
      AND notification.next_attempt_at = input."leaseUntil"
    RETURNING notification.id::text`;
  const ids = new Set(saved.map(({ id }) => id));
  await tx.deliveryAttempt.createMany({
    data: rows
      .filter(({ id, outcome }) => ids.has(id) && (outcome === 'SENT' || outcome === 'FAILED'))
      .map(({ id, attempts, outcome, error }) => {
        return { notificationId: id, attempt: attempts, outcome, error, at };
      }),
  });
  return ids;
}

export type Silence = {
  readonly channel: ChannelName;
  /** Until when whom is not asked. */
  readonly customers: readonly { readonly customerId: string; readonly until: Date }[];
  readonly at: Date;
};

/** What is due for customers whose mailbox was silent waits as long as what was tried there. */
export async function putOff(tx: Tx, { channel, customers, at }: Silence): Promise<void> {
  if (customers.length === 0) return;
  await tx.$executeRaw`
    /* notifications.put-off */
    UPDATE notification SET next_attempt_at = input.until
    FROM jsonb_to_recordset(${JSON.stringify(customers)}::jsonb)
      AS input ("customerId" uuid, until timestamptz)
    WHERE customer_id = input."customerId" AND channel = ${channel} AND state = 'QUEUED'
      AND next_attempt_at <= ${at}::timestamptz AND next_attempt_at < input.until`;
}

export type Unoffered = {
  readonly offered: readonly ChannelName[];
  readonly queuedBefore: Date;
  readonly at: Date;
};

/** Ends what waits for a channel that the bank has not had for a while. */
export async function suppressUnoffered(
  tx: Tx,
  { offered, queuedBefore, at }: Unoffered,
): Promise<number> {
  return tx.$executeRaw`
    /* notifications.suppress-unoffered */
    UPDATE notification SET state = 'SUPPRESSED', reason = 'CHANNEL_NOT_CONFIGURED',
      ended_at = ${at}::timestamptz
    WHERE state = 'QUEUED' AND channel <> ALL(${[...offered]}::text[])
      AND queued_at < ${queuedBefore}::timestamptz`;
}

/** Removes what has ended before that, with its attempts, at most `most` at once. */
export async function dropNotificationsBefore(tx: Tx, before: Date, most: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ dropped: number }[]>`
    /* notifications.drop-old */
    SELECT drop_old_notifications(${before}::timestamptz, ${most}::int) AS dropped`;
  return row?.dropped ?? 0;
}

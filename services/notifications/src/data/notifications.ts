import type {
  AfterAttempt,
  Attempt,
  ChannelName,
  Facts,
  Kind,
  Notification,
} from '../domain/notification.ts';
import type { Database, Tx } from './client.ts';

export type NewNotification = {
  readonly id: string;
  readonly eventId: string;
  readonly customerId: string;
  readonly channel: ChannelName;
  readonly kind: Kind;
  readonly facts: Facts;
  readonly correlationId: string;
  readonly traceparent: string | null;
  readonly queuedAt: Date;
};

/** Once per (event, customer, channel), however often the event comes. */
export async function queueNotifications(
  tx: Tx,
  notifications: readonly NewNotification[],
): Promise<void> {
  await tx.notification.createMany({
    data: notifications.map((one) => ({ ...one, state: 'QUEUED', nextAttemptAt: one.queuedAt })),
    skipDuplicates: true,
  });
}

export type Claimed = Notification & {
  readonly eventId: string;
  readonly correlationId: string;
  readonly traceparent: string | null;
};
export type Claim = { readonly at: Date; readonly leaseUntil: Date; readonly max: number };

/**
 * Takes due notifications and leases them; after a crash they come back when the lease ends. One
 * statement, which is its own transaction: an idle service asks it every second.
 */
export const claimDue = (
  db: Database,
  { at, leaseUntil, max }: Claim,
): Promise<readonly Claimed[]> => db.$queryRaw<Claimed[]>`
    /* notifications.claim-due */
    WITH due AS (
      SELECT id FROM notification
      WHERE state = 'QUEUED' AND next_attempt_at <= ${at}::timestamptz
      ORDER BY next_attempt_at, id LIMIT ${max}::int FOR UPDATE SKIP LOCKED
    )
    UPDATE notification SET attempts = attempts + 1, next_attempt_at = ${leaseUntil}::timestamptz
    FROM due WHERE notification.id = due.id
    RETURNING notification.id::text, event_id::text AS "eventId",
      customer_id::text AS "customerId", channel, kind, facts, queued_at AS "queuedAt", attempts,
      correlation_id AS "correlationId", traceparent`;

export type Outcome = {
  readonly notification: Claimed;
  readonly attempt: Attempt;
  readonly after: AfterAttempt;
};

/** Writes what each attempt came to; answers the ids whose state this changed for good or later. */
export async function recordOutcomes(
  tx: Tx,
  outcomes: readonly Outcome[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const rows = outcomes.map(({ notification: { id, attempts }, attempt, after }) => ({
    id,
    attempts,
    outcome: attempt.outcome,
    error: attempt.outcome === 'FAILED' ? attempt.error : null,
    state: after.state,
    reason: after.state === 'FAILED' ? after.reason : null,
    nextAttemptAt: after.state === 'QUEUED' ? after.nextAttemptAt : at,
  }));
  const json = JSON.stringify(rows);
  const saved = await tx.$queryRaw<{ id: string }[]>`
    /* notifications.record-outcomes */
    UPDATE notification SET state = input.state, reason = input.reason,
      next_attempt_at = input."nextAttemptAt",
      ended_at = CASE WHEN input.state = 'QUEUED' THEN NULL ELSE ${at}::timestamptz END
    FROM jsonb_to_recordset(${json}::jsonb) AS input (id uuid, attempts int, state text,
      reason text, "nextAttemptAt" timestamptz)
    WHERE notification.id = input.id AND notification.state = 'QUEUED'
      AND notification.attempts = input.attempts
    RETURNING notification.id::text`;
  const ids = new Set(saved.map(({ id }) => id));
  await tx.deliveryAttempt.createMany({
    data: rows
      .filter(({ id }) => ids.has(id))
      .map(({ id, attempts, outcome, error }) => ({
        notificationId: id,
        attempt: attempts,
        outcome,
        error,
        at,
      })),
  });
  return ids;
}

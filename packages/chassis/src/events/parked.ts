import type { SqlRunner } from './database.ts';

/** An event as its queue delivered it. */
export type Delivered = {
  readonly eventId: string;
  readonly type: string;
  readonly aggregateId: string;
  readonly body: string;
};
type ParkedState = 'WAITING' | 'DEAD';
export type Parking = {
  readonly state: ParkedState;
  readonly attempts: number;
  readonly pauseMs: number;
  readonly error: string;
};

const errorCharsMax = 1_000;

/** PostgreSQL's text holds no NUL. */
export const boundedError = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll('\0', '').slice(0, errorCharsMax);
};

/** Parks events in their order. One that is parked already or had its effect is left out. */
export async function park(
  tx: SqlRunner,
  consumer: string,
  { events, parking }: { readonly events: readonly Delivered[]; readonly parking: Parking },
): Promise<number> {
  if (events.length === 0) return 0;
  const column = <K extends keyof Delivered>(key: K) => events.map((event) => event[key]);
  const { state, attempts, pauseMs, error } = parking;
  return tx.$executeRaw`
    /* parked.park */
    INSERT INTO parked_event
      (consumer, event_id, type, aggregate_id, body, state, attempts, next_attempt_at, error)
    SELECT ${consumer}, e.event_id, e.type, e.aggregate_id, e.body, ${state}, ${attempts}::int,
      now() + ${pauseMs}::float8 * interval '1 millisecond', ${error}
    FROM unnest(${column('eventId')}::uuid[], ${column('type')}::text[],
      ${column('aggregateId')}::text[], ${column('body')}::text[])
      WITH ORDINALITY AS e (event_id, type, aggregate_id, body, nth)
    WHERE NOT EXISTS (
      SELECT FROM inbox_event WHERE consumer = ${consumer} AND event_id = e.event_id)
    ORDER BY e.nth
    ON CONFLICT (consumer, event_id) DO NOTHING`;
}

export type ParkedRow = Delivered & {
  readonly position: string;
  readonly attempts: number;
  /** How long it has been its turn. */
  readonly waitedMs: number;
};

/**
 * Locks the next event that is due and the first of its aggregate; null when there is none, or
 * other instances are at them. Only the first of an aggregate is ever tried, which keeps order.
 */
export async function lockDue(tx: SqlRunner, consumer: string): Promise<ParkedRow | null> {
  const [row] = await tx.$queryRaw<ParkedRow[]>`
    /* parked.lock-due */
    SELECT position::text, event_id::text AS "eventId", type, aggregate_id AS "aggregateId", body,
      attempts, (extract(epoch FROM clock_timestamp() - parked_at) * 1000)::float8 AS "waitedMs"
    FROM parked_event head
    WHERE consumer = ${consumer} AND state = 'WAITING' AND next_attempt_at <= now()
      AND NOT EXISTS (
        SELECT FROM parked_event earlier
        WHERE earlier.consumer = head.consumer AND earlier.aggregate_id = head.aggregate_id
          AND earlier.position < head.position)
    ORDER BY next_attempt_at, head.position LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return row ?? null;
}

/** Takes an event out after its effect; the next of its aggregate has its turn from now on. */
export async function unpark(tx: SqlRunner, consumer: string, row: ParkedRow): Promise<void> {
  await tx.$executeRaw`
    /* parked.unpark */
    WITH gone AS (DELETE FROM parked_event WHERE position = ${row.position}::bigint)
    UPDATE parked_event SET parked_at = now(), next_attempt_at = now()
    WHERE position = (
      SELECT min(position) FROM parked_event
      WHERE consumer = ${consumer} AND aggregate_id = ${row.aggregateId}
        AND position > ${row.position}::bigint)
      AND state = 'WAITING'`;
}

/** Notes a failed attempt. Nothing happens when another instance took the event out meanwhile. */
export async function noteFailure(tx: SqlRunner, row: ParkedRow, parking: Parking): Promise<void> {
  const { state, attempts, pauseMs, error } = parking;
  await tx.$executeRaw`
    /* parked.note-failure */
    UPDATE parked_event SET state = ${state}, attempts = ${attempts}::int, error = ${error},
      next_attempt_at = now() + ${pauseMs}::float8 * interval '1 millisecond'
    WHERE position = ${row.position}::bigint AND state = 'WAITING'`;
}

/** Milliseconds until an event is due again, 0 when one is; null when none waits for its turn. */
export async function nextDueMs(tx: SqlRunner, consumer: string): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ ms: number | null }[]>`
    /* parked.next-due */
    SELECT greatest(0, extract(epoch FROM min(next_attempt_at) - now()) * 1000)::float8 AS ms
    FROM parked_event head
    WHERE consumer = ${consumer} AND state = 'WAITING'
      AND NOT EXISTS (
        SELECT FROM parked_event earlier
        WHERE earlier.consumer = head.consumer AND earlier.aggregate_id = head.aggregate_id
          AND earlier.position < head.position)
    HAVING count(*) > 0`; // greatest() passes over NULL: nothing that waits would be due at once
  return row?.ms ?? null;
}

import type { SqlRunner } from './database.ts';

export type InboxEvent = { readonly eventId: string; readonly aggregateId: string };
export type Marked = {
  /** Events that this consumer sees for the first time; their marks commit with their effects. */
  readonly fresh: ReadonlySet<string>;
  /** Aggregates with an event that waits or is dead: what comes later of them waits behind it. */
  readonly held: ReadonlySet<string>;
};

/**
 * Marks events as handled by this consumer and tells the new ones (OPS-22), in one statement for a
 * whole batch. Events of held aggregates get no mark. Ids are inserted in order, so that two
 * instances with the same events wait for each other instead of meeting in a deadlock.
 */
export async function markInbox(
  tx: SqlRunner,
  consumer: string,
  events: readonly InboxEvent[],
): Promise<Marked> {
  const rows = await tx.$queryRaw<{ event_id: string | null; aggregate_id: string | null }[]>`
    /* inbox.mark */
    WITH incoming AS (
      SELECT * FROM unnest(${events.map(({ eventId }) => eventId)}::uuid[],
        ${events.map(({ aggregateId }) => aggregateId)}::text[]) AS e (event_id, aggregate_id)
    ), held AS (
      SELECT DISTINCT aggregate_id FROM parked_event
      WHERE consumer = ${consumer} AND aggregate_id IN (SELECT aggregate_id FROM incoming)
    ), fresh AS (
      INSERT INTO inbox_event (consumer, event_id)
      SELECT ${consumer}, event_id FROM incoming
      WHERE aggregate_id NOT IN (SELECT aggregate_id FROM held) ORDER BY event_id
      ON CONFLICT DO NOTHING RETURNING event_id
    )
    SELECT event_id::text, NULL AS aggregate_id FROM fresh
    UNION ALL SELECT NULL, aggregate_id FROM held`;
  const present = (values: readonly (string | null)[]) =>
    new Set(values.filter((value) => value !== null));
  return {
    fresh: present(rows.map((row) => row.event_id)),
    held: present(rows.map((row) => row.aggregate_id)),
  };
}

/** Marks one event that was parked; false when it had its effect already. */
export async function markParked(tx: SqlRunner, consumer: string, eventId: string) {
  const inserted = await tx.$executeRaw`
    /* inbox.mark-parked */
    INSERT INTO inbox_event (consumer, event_id) VALUES (${consumer}, ${eventId}::uuid)
    ON CONFLICT DO NOTHING`;
  return inserted === 1;
}

import type { SqlRunner, Transact } from '../events/database.ts';
import { markParked } from '../events/inbox.ts';
import { unpark } from '../events/parked.ts';
import { type By, recordActions } from './actions.ts';

/** An event that could not be handled: WAITING is tried again, DEAD until somebody sees to it. */
export type Letter = {
  readonly subscriber: string;
  readonly eventId: string;
  readonly type: string;
  readonly aggregateId: string;
  readonly state: 'WAITING' | 'DEAD';
  readonly attempts: number;
  readonly error: string;
  /** Since it was parked, was requeued, or became the first of its aggregate. */
  readonly ageMs: number;
  /** The request or job it came from; null when its bytes cannot be read. */
  readonly requestId: string | null;
  /** Later events of its aggregate that wait for it. */
  readonly behind: number;
};
export type OpenedLetter = Letter & { readonly body: string };

export type Letters = {
  /** The dead first, then those that wait, oldest first; at most 1,000. */
  readonly list: () => Promise<readonly Letter[]>;
  /** One with its bytes; null when nothing with this id is parked here. */
  readonly show: (eventId: string) => Promise<OpenedLetter | null>;
  /** Has these tried again from the first attempt on, in the order of their aggregates. */
  readonly requeue: (eventIds: readonly string[], by: By) => Promise<readonly Letter[]>;
  /** Gives an event up for good: a repeat has no effect either, and the next one has its turn. */
  readonly discard: (eventId: string, by: By) => Promise<Letter | null>;
};

const lettersMax = 1_000;

type Row = Omit<OpenedLetter, 'requestId'> & { readonly position: string };

const readRows = (tx: SqlRunner, eventIds: readonly string[] | null): PromiseLike<Row[]> =>
  tx.$queryRaw<Row[]>`
    /* letters.read */
    SELECT position::text, consumer AS subscriber, event_id::text AS "eventId", type,
      aggregate_id AS "aggregateId", state, attempts, error, body,
      (extract(epoch FROM clock_timestamp() - parked_at) * 1000)::float8 AS "ageMs",
      (SELECT count(*)::int FROM parked_event later
        WHERE later.consumer = one.consumer AND later.aggregate_id = one.aggregate_id
          AND later.position > one.position) AS behind
    FROM parked_event one
    WHERE ${eventIds === null}::boolean OR event_id = ANY(${[...(eventIds ?? [])]}::uuid[])
    ORDER BY state, one.position LIMIT ${lettersMax}::int`;

function requestOf(body: string): string | null {
  try {
    const { correlationId } = JSON.parse(body) as { readonly correlationId?: unknown };
    return typeof correlationId === 'string' ? correlationId : null;
  } catch {
    return null;
  }
}

function letterOf({ position: _, body, ...row }: Row): Letter {
  return { ...row, requestId: requestOf(body) };
}

async function lock(tx: SqlRunner, eventIds: readonly string[]): Promise<Row[]> {
  await tx.$queryRaw`
    /* letters.lock */
    SELECT FROM parked_event WHERE event_id = ANY(${[...eventIds]}::uuid[])
    ORDER BY position FOR UPDATE`;
  return readRows(tx, eventIds);
}

const actionOn = (command: string, { body, eventId, ...row }: Row) => ({
  command,
  subject: `event ${eventId}`,
  detail: { ...row, body },
});

async function requeue(tx: SqlRunner, rows: readonly Row[], by: By): Promise<void> {
  await tx.$executeRaw`
    /* letters.requeue */
    UPDATE parked_event SET state = 'WAITING', attempts = 0, parked_at = now(),
      next_attempt_at = now()
    WHERE position = ANY(${rows.map(({ position }) => position)}::bigint[])`;
  await recordActions(
    tx,
    by,
    rows.map((row) => actionOn('requeue', row)),
  );
}

async function discard(tx: SqlRunner, row: Row, by: By): Promise<void> {
  // Marked as handled: a backend that lost its memory is sent the event again.
  await markParked(tx, row.subscriber, row.eventId);
  await unpark(tx, row.subscriber, { ...row, waitedMs: row.ageMs });
  await recordActions(tx, by, [actionOn('discard', row)]);
}

/** The parked events of one context; each action and its record commit together (OPS-39). */
export const openLetters = <Tx extends SqlRunner>(
  db: SqlRunner,
  transact: Transact<Tx>,
): Letters => ({
  list: async () => (await readRows(db, null)).map(letterOf),
  show: async (eventId) => {
    const [row] = await readRows(db, [eventId]);
    return row ? { ...letterOf(row), body: row.body } : null;
  },
  requeue: (eventIds, by) =>
    transact(async (tx) => {
      const rows = await lock(tx, eventIds);
      await requeue(tx, rows, by);
      return rows.map(letterOf);
    }),
  discard: (eventId, by) =>
    transact(async (tx) => {
      const [row] = await lock(tx, [eventId]);
      if (row) await discard(tx, row, by);
      return row ? letterOf(row) : null;
    }),
});

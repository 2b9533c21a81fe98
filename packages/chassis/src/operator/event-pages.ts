import type { SqlRunner } from '../events/database.ts';

/** An event as its owner keeps it; `cursor` is where the page after it begins. */
export type FeedEvent = {
  readonly cursor: string;
  readonly type: string;
  readonly aggregateId: string;
  readonly recordedAt: Date;
  /** The bytes that went to the queues (OPS-19). */
  readonly body: string;
};
export type EventPage = {
  readonly events: readonly FeedEvent[];
  /** Where the next page begins; the same as before when nothing came. */
  readonly next: string;
  /** True when there was nothing more to read at that moment. */
  readonly isEnd: boolean;
};
type PageWish = { readonly after: string | null; readonly limit: number };
export type EventPages = {
  /** @throws BadCursor when `after` is none of ours */
  readonly page: (wish: PageWish) => Promise<EventPage>;
};

export const pageLimitMax = 1_000;
const startCursor = '0.0';

export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

type Cursor = { readonly number: string; readonly position: string };

/** `<number of the transaction>.<position>`; both fit a bigint. */
function parseCursor(text: string): Cursor {
  const [, number, position] = /^(\d{1,18})\.(\d{1,18})$/.exec(text) ?? [];
  if (number === undefined || position === undefined) throw new BadCursor(`${text} is no cursor`);
  return { number, position };
}

type Row = Omit<FeedEvent, 'cursor'> & { readonly number: string; readonly position: string };

/**
 * Rows of before the numbering bear none: they are read first, by position, for all of them were
 * committed before the first that has one.
 */
const readUnnumbered = (tx: SqlRunner, { position }: Cursor, limit: number) =>
  tx.$queryRaw<Row[]>`
    /* event-pages.unnumbered */
    SELECT '0' AS number, position::text, type, aggregate_id AS "aggregateId",
      recorded_at AS "recordedAt", body
    FROM outbox_event o WHERE recorded_in IS NULL AND o.position > ${position}::bigint
    ORDER BY o.position LIMIT ${limit}::int`;

/**
 * Only below the oldest transaction that runs: nothing can come in between any more (OPS-27).
 * The column is named with its table: the selected `position` is text, and '10' comes before '9'.
 */
const readNumbered = (tx: SqlRunner, { number, position }: Cursor, limit: number) =>
  tx.$queryRaw<Row[]>`
    /* event-pages.numbered */
    SELECT recorded_in::text AS number, position::text, type, aggregate_id AS "aggregateId",
      recorded_at AS "recordedAt", body
    FROM outbox_event o
    WHERE recorded_in IS NOT NULL
      AND (recorded_in, o.position) > (${number}::bigint, ${position}::bigint)
      AND recorded_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY recorded_in, o.position LIMIT ${limit}::int`;

async function readPage(db: SqlRunner, { after, limit: asked }: PageWish): Promise<EventPage> {
  const limit = Math.min(Math.max(Math.trunc(asked), 1), pageLimitMax);
  const from = parseCursor(after ?? startCursor);
  const old = from.number === '0' ? await readUnnumbered(db, from, limit) : [];
  const room = limit - old.length;
  // The numbered begin where the others end, whatever position that was.
  const begin = from.number === '0' ? { number: '0', position: '0' } : from;
  const rows = room > 0 ? [...old, ...(await readNumbered(db, begin, room))] : old;
  const events = rows.map(({ number, position, ...event }) => ({
    cursor: `${number}.${position}`,
    ...event,
  }));
  const next = events.at(-1)?.cursor ?? after ?? startCursor;
  return { events, next, isEnd: events.length < limit };
}

/** The events of one context in the order of their commits (OPS-31). */
export const openEventPages = (db: SqlRunner): EventPages => ({
  page: (wish) => readPage(db, wish),
});

import { connect, type Database } from '../src/data/client.ts';

/** A row of the venue's own book: the witness of what was really placed there. */
type BookRow = {
  readonly clientId: string;
  readonly status: string;
  readonly executions: number;
  readonly filledQuantity: string;
  readonly filledValue: string;
};
export type Book = {
  /** In the order in which the venue took them. */
  readonly orders: (clientIds: readonly string[]) => Promise<readonly BookRow[]>;
  /** How often the venue told something about an order. */
  readonly reports: (clientId: string) => Promise<number>;
  /** As the superuser of its database. */
  readonly db: Database;
};

/** Looks into the book past the venue; any client of PostgreSQL can. */
export function bookAt(adminUrl: string): Book {
  const db = connect(adminUrl);
  return {
    db,
    orders: (clientIds) => db.$queryRaw<BookRow[]>`
      SELECT client_id::text AS "clientId", status, executions,
        trim_scale(filled_quantity)::text AS "filledQuantity", filled_value::text AS "filledValue"
      FROM book_order WHERE client_id = ANY(${[...clientIds]}::uuid[])
      ORDER BY accepted_at, client_id`,
    async reports(clientId) {
      const [row] = await db.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM book_report WHERE client_id = ${clientId}::uuid`;
      return row?.count ?? 0;
    },
  };
}

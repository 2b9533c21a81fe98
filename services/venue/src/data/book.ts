import { Decimal } from '@simplebank/kernel/decimal';
import type { Acceptance } from '../domain/acceptance.ts';
import type { BookReport } from '../domain/book.ts';
import type { BookOrder } from '../domain/order.ts';
import type { Database, Tx } from './client.ts';

export type Entry = {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly rejectReason: string | null;
  readonly acceptedAt: Date;
};

/**
 * Enters what is new; a client id that is in the book stays as it is, so a repeat makes no second
 * order and gets the first answer. Two that enter one id at the same instant: one gets no answer.
 */
export async function enter(
  db: Database,
  acceptances: readonly Acceptance[],
): Promise<readonly Entry[]> {
  const rows = acceptances.map(({ instruction, ...rest }) => ({ ...instruction, ...rest }));
  return db.$queryRaw<Entry[]>`
    /* venue.enter */
    WITH input AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input ("clientId" uuid,
        "venueOrderId" text, symbol text, side text, type text, "timeInForce" text,
        quantity numeric, "tradeValue" numeric, "limitPrice" numeric, "stopPrice" numeric,
        "expiresAt" timestamptz, "acceptedAt" timestamptz, "nextAt" timestamptz,
        "rejectReason" text)
    ), entered AS (
      INSERT INTO book_order (client_id, venue_order_id, status, symbol, side, type,
        time_in_force, quantity, trade_value, limit_price, stop_price, expires_at, accepted_at,
        next_at, reject_reason)
      SELECT "clientId", "venueOrderId",
        CASE WHEN "rejectReason" IS NULL THEN 'WORKING' ELSE 'REJECTED' END, symbol, side, type,
        "timeInForce", quantity, "tradeValue", "limitPrice", "stopPrice", "expiresAt",
        "acceptedAt", "nextAt", "rejectReason"
      FROM input ORDER BY 1
      ON CONFLICT (client_id) DO NOTHING
      RETURNING client_id, venue_order_id, reject_reason, accepted_at
    )
    SELECT client_id::text AS "clientId", venue_order_id AS "venueOrderId",
      reject_reason AS "rejectReason", accepted_at AS "acceptedAt"
    FROM (SELECT * FROM entered UNION ALL
      SELECT client_id, venue_order_id, reject_reason, accepted_at
      FROM book_order WHERE client_id IN (SELECT "clientId" FROM input)) entry`;
}

export async function entriesOf(
  db: Database,
  clientIds: readonly string[],
): Promise<readonly Entry[]> {
  return db.$queryRaw<Entry[]>`
    /* venue.entries-of */
    SELECT client_id::text AS "clientId", venue_order_id AS "venueOrderId",
      reject_reason AS "rejectReason", accepted_at AS "acceptedAt"
    FROM book_order WHERE client_id = ANY(${[...clientIds]}::uuid[])`;
}

/** Answers the ids that could still be canceled; they are canceled before their next trade. */
export async function askToCancel(
  db: Database,
  clientIds: readonly string[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ clientId: string }[]>`
    /* venue.ask-to-cancel */
    WITH asked AS (
      SELECT client_id FROM book_order WHERE client_id = ANY(${[...clientIds]}::uuid[])
        AND (status = 'WORKING' OR (status = 'CANCELED' AND cancel_asked))
      ORDER BY client_id FOR UPDATE
    )
    UPDATE book_order SET cancel_asked = true, next_at = ${at}::timestamptz
    FROM asked WHERE book_order.client_id = asked.client_id
      AND (status = 'WORKING' OR (status = 'CANCELED' AND cancel_asked))
    RETURNING book_order.client_id::text AS "clientId"`;
  return new Set(rows.map(({ clientId }) => clientId));
}

type Numbers =
  | 'quantity'
  | 'tradeValue'
  | 'limitPrice'
  | 'stopPrice'
  | 'filledQuantity'
  | 'filledValue';
type DueRow = Omit<BookOrder, Numbers> & {
  readonly [Key in Numbers]: BookOrder[Key] extends Decimal ? string : string | null;
} & { readonly halted: boolean };

const decimalOrNull = (text: string | null) => (text === null ? null : new Decimal(text));

const dueOrder = ({ halted, ...row }: DueRow): DueOrder => ({
  halted,
  order: {
    ...row,
    quantity: decimalOrNull(row.quantity),
    tradeValue: decimalOrNull(row.tradeValue),
    limitPrice: new Decimal(row.limitPrice),
    stopPrice: decimalOrNull(row.stopPrice),
    filledQuantity: new Decimal(row.filledQuantity),
    filledValue: new Decimal(row.filledValue),
  },
});

export type DueOrder = { readonly order: BookOrder; readonly halted: boolean };

/** Locks the working orders whose time has come, those first that have waited longest. */
export async function lockDue(tx: Tx, at: Date, ordersMax: number): Promise<readonly DueOrder[]> {
  const rows = await tx.$queryRaw<DueRow[]>`
    /* venue.lock-due */
    SELECT client_id::text AS "clientId", venue_order_id AS "venueOrderId", symbol, side, type,
      time_in_force AS "timeInForce", quantity::text, trade_value::text AS "tradeValue",
      limit_price::text AS "limitPrice", stop_price::text AS "stopPrice", triggered,
      expires_at AS "expiresAt", cancel_asked AS "cancelAsked",
      filled_quantity::text AS "filledQuantity", filled_value::text AS "filledValue", executions,
      EXISTS (SELECT FROM halt WHERE halt.symbol = book_order.symbol) AS halted
    FROM book_order WHERE status = 'WORKING' AND next_at <= ${at}::timestamptz
    ORDER BY next_at, client_id LIMIT ${ordersMax}::int FOR UPDATE`;
  return rows.map(dueOrder);
}

export type BookChange = Pick<
  BookOrder,
  'clientId' | 'triggered' | 'filledQuantity' | 'filledValue' | 'executions'
> & { readonly status: string; readonly nextAt: Date };

/** The orders are locked: nobody asked to cancel one of them since they were read. */
export async function saveBook(tx: Tx, changes: readonly BookChange[]): Promise<void> {
  await tx.$executeRaw`
    /* venue.save */
    UPDATE book_order SET status = input.status, triggered = input.triggered,
      filled_quantity = input."filledQuantity", filled_value = input."filledValue",
      executions = input.executions, next_at = input."nextAt"
    FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS input ("clientId" uuid,
      status text, triggered boolean, "filledQuantity" numeric, "filledValue" numeric,
      executions int, "nextAt" timestamptz)
    WHERE book_order.client_id = input."clientId"`;
}

export async function appendReports(tx: Tx, reports: readonly BookReport[]): Promise<void> {
  await tx.$executeRaw`
    /* venue.append-reports */
    INSERT INTO book_report (client_id, venue_order_id, kind, execution_id, quantity, price, at)
    SELECT (row ->> 'clientId')::uuid, row ->> 'venueOrderId', row ->> 'kind',
      row ->> 'executionId', (row ->> 'quantity')::numeric, (row ->> 'price')::numeric,
      (row ->> 'at')::timestamptz
    FROM jsonb_array_elements(${JSON.stringify(reports)}::jsonb) WITH ORDINALITY
      AS input (row, place)
    ORDER BY place`;
}

type ReportRow = Omit<BookReport, 'quantity' | 'price'> & {
  readonly sequence: string;
  readonly quantity: string | null;
  readonly price: string | null;
};

/** Only one engine writes at a time, so a lower sequence is never committed after a higher one. */
export const reportsAfter = (
  db: Database,
  sequence: bigint,
  reportsMax: number,
): Promise<readonly ReportRow[]> => db.$queryRaw<ReportRow[]>`
    /* venue.reports-after */
    SELECT sequence::text, client_id::text AS "clientId", venue_order_id AS "venueOrderId", kind,
      execution_id AS "executionId", quantity::text, price::text, at
    FROM book_report WHERE sequence > ${sequence}::bigint
    ORDER BY book_report.sequence LIMIT ${reportsMax}::int`;

/** When the engine has to look again; null when no order works. */
export async function nextDue(db: Database | Tx): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    /* venue.next-due */
    SELECT min(next_at) AS at FROM book_order WHERE status = 'WORKING'`;
  return row?.at ?? null;
}

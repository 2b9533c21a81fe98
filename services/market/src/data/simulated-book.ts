import { Decimal } from '@simplebank/kernel/decimal';
import type { BookOrder, BookReport } from '../domain/simulated-book.ts';
import type { Instruction } from '../venue.ts';
import type { Database, Tx } from './client.ts';

/** The simulated venue's own tables. Only its adapter may come here: it plays an outside party. */

export type Acceptance = {
  readonly instruction: Instruction;
  readonly venueOrderId: string;
  readonly rejectReason: string | null;
  readonly acceptedAt: Date;
  readonly nextAt: Date;
};
export type Entry = {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly rejectReason: string | null;
  readonly acceptedAt: Date;
};

/** A client id that is in the book stays as it is: a repeat makes no second order. */
export async function enter(db: Database, acceptances: readonly Acceptance[]): Promise<void> {
  const rows = acceptances.map(({ instruction, ...rest }) => ({ ...instruction, ...rest }));
  await db.$executeRaw`
    /* simulated.enter */
    INSERT INTO simulated_order (client_id, venue_order_id, status, symbol, side, type,
      time_in_force, quantity, trade_value, limit_price, expires_at, accepted_at, next_at,
      reject_reason)
    SELECT "clientId", "venueOrderId",
      CASE WHEN "rejectReason" IS NULL THEN 'WORKING' ELSE 'REJECTED' END, symbol, side, type,
      "timeInForce", quantity, "tradeValue", "limitPrice", "expiresAt", "acceptedAt", "nextAt",
      "rejectReason"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input ("clientId" uuid,
      "venueOrderId" text, symbol text, side text, type text, "timeInForce" text,
      quantity numeric, "tradeValue" numeric, "limitPrice" numeric, "expiresAt" timestamptz,
      "acceptedAt" timestamptz, "nextAt" timestamptz, "rejectReason" text)
    ORDER BY 1
    ON CONFLICT (client_id) DO NOTHING`;
}

export async function entriesOf(
  db: Database,
  clientIds: readonly string[],
): Promise<readonly Entry[]> {
  return db.simulatedOrder.findMany({
    where: { clientId: { in: [...clientIds] } },
    select: { clientId: true, venueOrderId: true, rejectReason: true, acceptedAt: true },
  });
}

/** Answers the ids that could still be canceled; they are canceled before their next trade. */
export async function askToCancel(
  db: Database,
  clientIds: readonly string[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ clientId: string }[]>`
    /* simulated.ask-to-cancel */
    UPDATE simulated_order SET cancel_asked = true, next_at = ${at}::timestamptz
    WHERE client_id = ANY(${[...clientIds]}::uuid[])
      AND (status = 'WORKING' OR (status = 'CANCELED' AND cancel_asked))
    RETURNING client_id::text AS "clientId"`;
  return new Set(rows.map(({ clientId }) => clientId));
}

type DueRow = Omit<
  BookOrder,
  'quantity' | 'tradeValue' | 'limitPrice' | 'filledQuantity' | 'filledValue'
> & {
  readonly quantity: string | null;
  readonly tradeValue: string | null;
  readonly limitPrice: string;
  readonly filledQuantity: string;
  readonly filledValue: string;
};

const bookOrder = (row: DueRow): BookOrder => ({
  ...row,
  quantity: row.quantity === null ? null : new Decimal(row.quantity),
  tradeValue: row.tradeValue === null ? null : new Decimal(row.tradeValue),
  limitPrice: new Decimal(row.limitPrice),
  filledQuantity: new Decimal(row.filledQuantity),
  filledValue: new Decimal(row.filledValue),
});

/** Locks the working orders whose time has come, those first that have waited longest. */
export async function lockDue(tx: Tx, at: Date, ordersMax: number): Promise<readonly BookOrder[]> {
  const rows = await tx.$queryRaw<DueRow[]>`
    /* simulated.lock-due */
    SELECT client_id::text AS "clientId", venue_order_id AS "venueOrderId", symbol, side, type,
      time_in_force AS "timeInForce", quantity::text, trade_value::text AS "tradeValue",
      limit_price::text AS "limitPrice", expires_at AS "expiresAt",
      cancel_asked AS "cancelAsked", filled_quantity::text AS "filledQuantity",
      filled_value::text AS "filledValue", executions
    FROM simulated_order WHERE status = 'WORKING' AND next_at <= ${at}::timestamptz
    ORDER BY next_at, client_id LIMIT ${ordersMax}::int FOR UPDATE`;
  return rows.map(bookOrder);
}

export type BookChange = Pick<
  BookOrder,
  'clientId' | 'filledQuantity' | 'filledValue' | 'executions'
> & {
  readonly status: string;
  readonly nextAt: Date;
};

/** The orders are locked: nobody asked to cancel one of them since they were read. */
export async function saveBook(tx: Tx, changes: readonly BookChange[]): Promise<void> {
  await tx.$executeRaw`
    /* simulated.save */
    UPDATE simulated_order SET status = input.status, filled_quantity = input."filledQuantity",
      filled_value = input."filledValue", executions = input.executions, next_at = input."nextAt"
    FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS input ("clientId" uuid,
      status text, "filledQuantity" numeric, "filledValue" numeric, executions int,
      "nextAt" timestamptz)
    WHERE simulated_order.client_id = input."clientId"`;
}

export async function appendReports(tx: Tx, reports: readonly BookReport[]): Promise<void> {
  await tx.$executeRaw`
    /* simulated.append-reports */
    INSERT INTO simulated_report (client_id, kind, execution_id, quantity, price, executions, at)
    SELECT (row ->> 'clientId')::uuid, row ->> 'kind', row ->> 'executionId',
      (row ->> 'quantity')::numeric, (row ->> 'price')::numeric, (row ->> 'executions')::int,
      (row ->> 'at')::timestamptz
    FROM jsonb_array_elements(${JSON.stringify(reports)}::jsonb) WITH ORDINALITY
      AS input (row, place)
    ORDER BY place`;
}

type ReportRow = {
  readonly sequence: string;
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly kind: 'EXECUTED' | 'FILLED' | 'CANCELED' | 'EXPIRED';
  readonly executionId: string | null;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly at: Date;
};

/** Only one engine writes at a time, so a lower sequence is never committed after a higher one. */
export const reportsAfter = (
  db: Database,
  sequence: bigint,
  reportsMax: number,
): Promise<readonly ReportRow[]> => db.$queryRaw<ReportRow[]>`
    /* simulated.reports-after */
    SELECT sequence::text, client_id::text AS "clientId", venue_order_id AS "venueOrderId", kind,
      execution_id AS "executionId", report.quantity::text, price::text, at
    FROM (SELECT * FROM simulated_report WHERE sequence > ${sequence}::bigint
          ORDER BY sequence LIMIT ${reportsMax}::int) report
    JOIN simulated_order USING (client_id) ORDER BY report.sequence`;

/** When the engine has to look again; null when no order works. */
export async function nextDue(db: Database): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    /* simulated.next-due */
    SELECT min(next_at) AS at FROM simulated_order WHERE status = 'WORKING'`;
  return row?.at ?? null;
}

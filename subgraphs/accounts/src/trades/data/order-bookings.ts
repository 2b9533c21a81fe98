import type { Tx } from '../../data/client.ts';
import { findHolds } from '../../ledger/index.ts';
import type { OrderBooking } from '../domain/order-booking.ts';

/** What is known of these orders. The balances of their accounts are locked already. */
export async function findBookings(tx: Tx, orderIds: readonly string[]) {
  const ids = [...new Set(orderIds)];
  const rows = await tx.orderBooking.findMany({ where: { orderId: { in: ids } } });
  const held = rows.filter(({ state }) => state === 'HELD').map(({ orderId }) => orderId);
  const holds = await findHolds(tx, { purpose: 'ORDER', references: held });
  const bookings = rows.map(({ orderId, accountId, state, ...row }): OrderBooking => {
    const { booked, ahead, endExecutions, endVersion } = row;
    const ended = endExecutions !== null && endVersion !== null;
    return {
      orderId,
      accountId,
      state: state as OrderBooking['state'],
      booked,
      ahead,
      hold: holds.get(orderId) ?? null,
      end: ended ? { executions: endExecutions, version: endVersion } : null,
    };
  });
  return new Map(bookings.map((booking) => [booking.orderId, booking]));
}

/** One statement for all. */
export async function saveBookings(tx: Tx, bookings: readonly OrderBooking[]): Promise<void> {
  if (bookings.length === 0) return;
  const rows = bookings.map(({ orderId, accountId, state, booked, ahead, end }) => ({
    ...{ orderId, accountId, state, booked, ahead },
    endExecutions: end?.executions ?? null,
    endVersion: end?.version ?? null,
  }));
  await tx.$executeRaw`/* trades.save-bookings */
    INSERT INTO order_booking
      (order_id, account_id, state, booked, ahead, end_executions, end_version)
    SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS b("orderId" uuid, "accountId" uuid, state text, booked int, ahead int[],
           "endExecutions" int, "endVersion" int)
    ON CONFLICT (order_id) DO UPDATE SET
      state = excluded.state, booked = excluded.booked, ahead = excluded.ahead,
      end_executions = excluded.end_executions, end_version = excluded.end_version`;
}

export type ExecutionKey = { readonly orderId: string; readonly executionId: string };

/** Answers which executions of these orders are done with: booked, or left to staff. */
export async function findKnownExecutions(tx: Tx, orderIds: readonly string[]) {
  const ids = [...new Set(orderIds)];
  const rows = await tx.$queryRaw<ExecutionKey[]>`/* trades.known-executions */
    SELECT order_id::text AS "orderId", execution_id AS "executionId"
    FROM settlement_item WHERE order_id = ANY(${ids}::uuid[])
    UNION ALL SELECT order_id::text, execution_id
    FROM booking_exception WHERE order_id = ANY(${ids}::uuid[])`;
  return new Set(rows.map(nameOf));
}

/** An execution's name within the bank. */
export const nameOf = ({ orderId, executionId }: ExecutionKey): string =>
  `${orderId}:${executionId}`;

export type BookingException = ExecutionKey & {
  readonly id: string;
  readonly accountId: string;
  readonly code: string;
  readonly detail: string;
  /** What was to be booked, as `writeExecution` wrote it. */
  readonly body: string;
  readonly at: Date;
};

export async function insertExceptions(tx: Tx, exceptions: readonly BookingException[]) {
  if (exceptions.length === 0) return;
  await tx.bookingException.createMany({ data: [...exceptions] });
}

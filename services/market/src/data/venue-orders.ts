import type { VenueOrder } from '../domain/venue-order.ts';
import type { Instruction } from '../venue.ts';
import type { Tx } from './client.ts';

/** The story that the events of this order belong to. */
type Story = {
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly traceparent: string | null;
};
export type KnownOrder = { readonly order: VenueOrder; readonly story: Story };
export type NewOrder = Instruction &
  Story & {
    readonly orderId: string;
    readonly assetId: string;
    readonly currency: string;
    readonly openedAt: Date;
    /** Version of the event that opened it: splits of before it are in its terms. */
    readonly openedVersion: number;
  };

export type StateRow = VenueOrder & Story;
export const known = (row: StateRow): KnownOrder => {
  const { orderId, state, outcome, venueOrderId, cancelState, executions, restLost } = row;
  const { eventVersion } = row;
  const { correlationId, causationId, traceparent } = row;
  return {
    order: {
      ...{ orderId, state, outcome, venueOrderId, cancelState, executions },
      ...{ restLost, eventVersion },
    },
    story: { correlationId, causationId, traceparent },
  };
};

/**
 * Serializes an order's opening and its cancel request, which may come in any order and before
 * either row exists. The locks end with the transaction and are taken in one order.
 */
export async function lockArrivals(tx: Tx, orderIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    /* market.lock-arrivals */
    SELECT pg_advisory_xact_lock(key) IS NULL AS locked
    FROM (SELECT hashtextextended(id, 0) AS key FROM unnest(${[...orderIds]}::text[]) AS id
          ORDER BY 1) keys`;
}

/**
 * Writes the intents in their order, which is the order of their going out; an order that is known
 * already stays as it is. The locks of `lockArrivals` keep two that write the same ones apart.
 */
export async function insertOrders(tx: Tx, orders: readonly NewOrder[]): Promise<void> {
  const rows = orders.map((order, place) => ({ ...order, clientId: undefined, place }));
  await tx.$executeRaw`
    /* market.insert-orders */
    INSERT INTO venue_order (order_id, state, asset_id, symbol, side, type, time_in_force, quantity,
      trade_value, limit_price, stop_price, currency, expires_at, next_attempt_at,
      correlation_id, causation_id, traceparent, opened_at, opened_version)
    SELECT "orderId", 'INTENT', "assetId", symbol, side, type, "timeInForce", quantity,
      "tradeValue", "limitPrice", "stopPrice", currency, "expiresAt", "openedAt",
      "correlationId", "causationId", traceparent, "openedAt", "openedVersion"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input ("orderId" uuid,
      "assetId" uuid, symbol text, side text, type text, "timeInForce" text, quantity numeric,
      "tradeValue" numeric, "limitPrice" numeric, "stopPrice" numeric, currency text,
      "expiresAt" timestamptz, "correlationId" text, "causationId" text, traceparent text,
      "openedAt" timestamptz, "openedVersion" int, place int)
    ORDER BY place
    ON CONFLICT (order_id) DO NOTHING`;
}

/** Locks the rows in key order; unknown ids have no entry. */
export async function lockOrders(
  tx: Tx,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, KnownOrder>> {
  const rows = await tx.$queryRaw<StateRow[]>`
    /* market.lock-orders */
    SELECT order_id::text AS "orderId", state, outcome, venue_order_id AS "venueOrderId",
      cancel_state AS "cancelState", executions, rest_lost AS "restLost",
      event_version AS "eventVersion", correlation_id AS "correlationId",
      causation_id AS "causationId", traceparent
    FROM venue_order WHERE order_id = ANY(${[...orderIds]}::uuid[])
    ORDER BY order_id FOR UPDATE`;
  return new Map(rows.map((row) => [row.orderId, known(row)]));
}

/**
 * A cancel is asked for at once of an order that the venue has. One that is on its way there keeps
 * its lease: until that ends, "the venue does not know it" does not mean that it never will.
 */
export async function saveOrders(tx: Tx, orders: readonly VenueOrder[], at: Date): Promise<void> {
  await tx.$executeRaw`
    /* market.save-orders */
    UPDATE venue_order SET state = input.state, outcome = input.outcome,
      venue_order_id = input."venueOrderId", cancel_state = input."cancelState",
      executions = input.executions, rest_lost = input."restLost",
      event_version = input."eventVersion",
      acknowledged_at = CASE WHEN input."venueOrderId" IS NULL THEN acknowledged_at
        ELSE coalesce(acknowledged_at, ${at}::timestamptz) END,
      done_at = CASE WHEN input.state = 'DONE' THEN coalesce(done_at, ${at}::timestamptz) END,
      next_attempt_at = CASE
        WHEN input."cancelState" = 'ASKED' AND input.state = 'ACKNOWLEDGED' THEN ${at}::timestamptz
        ELSE next_attempt_at END
    FROM jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) AS input ("orderId" uuid, state text,
      outcome text, "venueOrderId" text, "cancelState" text, executions int, "restLost" boolean,
      "eventVersion" int)
    WHERE venue_order.order_id = input."orderId"`;
}

export async function rememberCancels(tx: Tx, orderIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    /* market.remember-cancels */
    INSERT INTO early_cancel (order_id) SELECT * FROM unnest(${[...orderIds]}::uuid[])
    ON CONFLICT DO NOTHING`;
}

export async function rememberedCancels(
  tx: Tx,
  orderIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = { in: [...orderIds] };
  const rows = await tx.earlyCancel.findMany({ where: { orderId: ids } });
  return new Set(rows.map(({ orderId }) => orderId));
}

import { Decimal } from '@simplebank/kernel/decimal';
import type { VenueOrder } from '../domain/venue-order.ts';
import type { Instruction } from '../venue.ts';
import type { Database, Tx } from './client.ts';

/** The story that the events of this order belong to. */
export type Story = {
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly traceparent: string | null;
};
export type KnownOrder = { readonly order: VenueOrder; readonly story: Story };
export type ClaimedOrder = KnownOrder & {
  readonly instruction: Instruction;
  /** It was sent before and nobody knows whether it arrived. */
  readonly inDoubt: boolean;
};

export type NewOrder = Instruction &
  Story & {
    readonly orderId: string;
    readonly assetId: string;
    readonly currency: string;
    readonly openedAt: Date;
  };

type StateRow = VenueOrder & Story;
type ClaimRow = StateRow & {
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly timeInForce: string;
  readonly quantity: string | null;
  readonly tradeValue: string | null;
  readonly limitPrice: string;
  readonly expiresAt: Date;
  readonly inDoubt: boolean;
};

const known = (row: StateRow): KnownOrder => {
  const { orderId, state, outcome, venueOrderId, cancelState, executions, eventVersion } = row;
  const { correlationId, causationId, traceparent } = row;
  return {
    order: { orderId, state, outcome, venueOrderId, cancelState, executions, eventVersion },
    story: { correlationId, causationId, traceparent },
  };
};

const claimed = (row: ClaimRow): ClaimedOrder => {
  const { orderId: clientId, symbol, side, type, timeInForce, expiresAt, inDoubt } = row;
  const quantity = row.quantity === null ? null : new Decimal(row.quantity);
  const tradeValue = row.tradeValue === null ? null : new Decimal(row.tradeValue);
  const limitPrice = new Decimal(row.limitPrice);
  const terms = { symbol, side, type, timeInForce, quantity, tradeValue, limitPrice, expiresAt };
  return { ...known(row), instruction: { clientId, ...terms }, inDoubt };
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

/** Writes the intents; an order that is known already stays as it is. */
export async function insertOrders(tx: Tx, orders: readonly NewOrder[]): Promise<void> {
  const rows = orders.map((order) => ({ ...order, clientId: undefined }));
  await tx.$executeRaw`
    /* market.insert-orders */
    INSERT INTO venue_order (order_id, state, asset_id, symbol, side, type, time_in_force, quantity,
      trade_value, limit_price, currency, expires_at, next_attempt_at, correlation_id,
      causation_id, traceparent, opened_at)
    SELECT "orderId", 'INTENT', "assetId", symbol, side, type, "timeInForce", quantity,
      "tradeValue", "limitPrice", currency, "expiresAt", "openedAt", "correlationId",
      "causationId", traceparent, "openedAt"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input ("orderId" uuid,
      "assetId" uuid, symbol text, side text, type text, "timeInForce" text, quantity numeric,
      "tradeValue" numeric, "limitPrice" numeric, currency text, "expiresAt" timestamptz,
      "correlationId" text, "causationId" text, traceparent text, "openedAt" timestamptz)
    ORDER BY 1
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
      cancel_state AS "cancelState", executions, event_version AS "eventVersion",
      correlation_id AS "correlationId", causation_id AS "causationId", traceparent
    FROM venue_order WHERE order_id = ANY(${[...orderIds]}::uuid[])
    ORDER BY order_id FOR UPDATE`;
  return new Map(rows.map((row) => [row.orderId, known(row)]));
}

export async function saveOrders(tx: Tx, orders: readonly VenueOrder[], at: Date): Promise<void> {
  await tx.$executeRaw`
    /* market.save-orders */
    UPDATE venue_order SET state = input.state, outcome = input.outcome,
      venue_order_id = input."venueOrderId", cancel_state = input."cancelState",
      executions = input.executions, event_version = input."eventVersion",
      acknowledged_at = CASE WHEN input."venueOrderId" IS NULL THEN acknowledged_at
        ELSE coalesce(acknowledged_at, ${at}::timestamptz) END,
      done_at = CASE WHEN input.state = 'DONE' THEN coalesce(done_at, ${at}::timestamptz) END,
      next_attempt_at = CASE WHEN input."cancelState" = 'ASKED' THEN ${at}::timestamptz
        ELSE next_attempt_at END
    FROM jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) AS input ("orderId" uuid, state text,
      outcome text, "venueOrderId" text, "cancelState" text, executions int, "eventVersion" int)
    WHERE venue_order.order_id = input."orderId"`;
}

export type Claim = { readonly at: Date; readonly leaseUntil: Date; readonly ordersMax: number };

/**
 * Takes orders that are to be sent, marks them SENT and leases them: after a crash they come back
 * when the lease ends, then in doubt. Other processes pass over what is taken here.
 */
export async function claimUnsent(tx: Tx, claim: Claim): Promise<readonly ClaimedOrder[]> {
  const { at, leaseUntil, ordersMax } = claim;
  const rows = await tx.$queryRaw<ClaimRow[]>`
    /* market.claim-unsent */
    WITH due AS (
      SELECT order_id, state FROM venue_order
      WHERE state IN ('INTENT', 'SENT') AND next_attempt_at <= ${at}::timestamptz
      ORDER BY next_attempt_at LIMIT ${ordersMax}::int FOR UPDATE SKIP LOCKED
    )
    UPDATE venue_order SET state = 'SENT', attempts = attempts + 1,
      next_attempt_at = ${leaseUntil}::timestamptz
    FROM due WHERE venue_order.order_id = due.order_id
    RETURNING venue_order.order_id::text AS "orderId", venue_order.state, outcome,
      venue_order_id AS "venueOrderId", cancel_state AS "cancelState", executions,
      event_version AS "eventVersion", correlation_id AS "correlationId",
      causation_id AS "causationId", traceparent, symbol, side, type,
      time_in_force AS "timeInForce", quantity::text, trade_value::text AS "tradeValue",
      limit_price::text AS "limitPrice", expires_at AS "expiresAt",
      due.state = 'SENT' AS "inDoubt"`;
  return rows.map(claimed);
}

/** Orders whose cancel the venue has not been asked for yet, leased like those to be sent. */
export async function claimCancels(tx: Tx, claim: Claim): Promise<readonly string[]> {
  const { at, leaseUntil, ordersMax } = claim;
  const rows = await tx.$queryRaw<{ orderId: string }[]>`
    /* market.claim-cancels */
    WITH due AS (
      SELECT order_id FROM venue_order
      WHERE cancel_state = 'ASKED' AND state = 'ACKNOWLEDGED'
        AND next_attempt_at <= ${at}::timestamptz
      ORDER BY next_attempt_at LIMIT ${ordersMax}::int FOR UPDATE SKIP LOCKED
    )
    UPDATE venue_order SET next_attempt_at = ${leaseUntil}::timestamptz
    FROM due WHERE venue_order.order_id = due.order_id
    RETURNING venue_order.order_id::text AS "orderId"`;
  return rows.map(({ orderId }) => orderId);
}

/** Locks orders whose time in force ended before they were ever sent. */
export async function lockExpiredUnsent(
  tx: Tx,
  at: Date,
  ordersMax: number,
): Promise<ReadonlyMap<string, KnownOrder>> {
  const rows = await tx.$queryRaw<{ orderId: string }[]>`
    /* market.lock-expired-unsent */
    SELECT order_id::text AS "orderId" FROM venue_order
    WHERE state = 'INTENT' AND expires_at <= ${at}::timestamptz
    ORDER BY order_id LIMIT ${ordersMax}::int FOR UPDATE SKIP LOCKED`;
  return lockOrders(
    tx,
    rows.map(({ orderId }) => orderId),
  );
}

/** Ends leases early: the call failed, so the orders may be tried again then. */
export async function releaseLeases(tx: Tx, orderIds: readonly string[], at: Date): Promise<void> {
  await tx.$executeRaw`
    /* market.release-leases */
    UPDATE venue_order SET next_attempt_at = ${at}::timestamptz
    WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND state <> 'DONE'`;
}

/** The nearest instant at which an order may be sent or canceled; null when none waits. */
export async function nextAttempt(db: Database): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    /* market.next-attempt */
    SELECT least(
      (SELECT min(next_attempt_at) FROM venue_order WHERE state IN ('INTENT', 'SENT')),
      (SELECT min(next_attempt_at) FROM venue_order
        WHERE cancel_state = 'ASKED' AND state = 'ACKNOWLEDGED')) AS at`;
  return row?.at ?? null;
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

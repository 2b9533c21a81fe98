import { Decimal } from '@simplebank/kernel/decimal';
import type { Instruction } from '../venue.ts';
import type { Database, Tx } from './client.ts';
import { type KnownOrder, known, lockOrders, type StateRow } from './venue-orders.ts';

export type ClaimedOrder = KnownOrder & {
  readonly instruction: Instruction;
  /** It was sent before and nobody knows whether it arrived. */
  readonly inDoubt: boolean;
  /** This one included. */
  readonly attempts: number;
};

type ClaimRow = StateRow & {
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly timeInForce: string;
  readonly quantity: string | null;
  readonly tradeValue: string | null;
  readonly limitPrice: string;
  readonly stopPrice: string | null;
  readonly expiresAt: Date;
  readonly inDoubt: boolean;
  readonly attempts: number;
};

const claimed = (row: ClaimRow): ClaimedOrder => {
  const { orderId: clientId, symbol, side, type, timeInForce, expiresAt, inDoubt } = row;
  const quantity = row.quantity === null ? null : new Decimal(row.quantity);
  const tradeValue = row.tradeValue === null ? null : new Decimal(row.tradeValue);
  const limitPrice = new Decimal(row.limitPrice);
  const stopPrice = row.stopPrice === null ? null : new Decimal(row.stopPrice);
  const prices = { limitPrice, stopPrice };
  const terms = { symbol, side, type, timeInForce, quantity, tradeValue, ...prices, expiresAt };
  return { ...known(row), instruction: { clientId, ...terms }, inDoubt, attempts: row.attempts };
};

export type Claim = { readonly at: Date; readonly leaseUntil: Date; readonly ordersMax: number };

/**
 * Takes orders that are to be sent, those first that came first, marks them SENT and leases them:
 * after a crash they come back when the lease ends, then in doubt. Other processes pass over what
 * is taken here.
 */
export async function claimUnsent(tx: Tx, claim: Claim): Promise<readonly ClaimedOrder[]> {
  const { at, leaseUntil, ordersMax } = claim;
  const rows = await tx.$queryRaw<ClaimRow[]>`
    /* market.claim-unsent */
    WITH due AS (
      SELECT order_id, state FROM venue_order
      WHERE state IN ('INTENT', 'SENT') AND next_attempt_at <= ${at}::timestamptz
      ORDER BY arrival LIMIT ${ordersMax}::int FOR UPDATE SKIP LOCKED
    ), claimed AS (
    UPDATE venue_order SET state = 'SENT', attempts = attempts + 1,
      next_attempt_at = ${leaseUntil}::timestamptz
    FROM due WHERE venue_order.order_id = due.order_id
    RETURNING venue_order.order_id::text AS "orderId", venue_order.state, outcome,
      venue_order_id AS "venueOrderId", cancel_state AS "cancelState", executions,
      rest_lost AS "restLost", venue_order.attempts, event_version AS "eventVersion",
      correlation_id AS "correlationId",
      causation_id AS "causationId", traceparent, symbol, side, type,
      time_in_force AS "timeInForce", quantity::text, trade_value::text AS "tradeValue",
      limit_price::text AS "limitPrice", stop_price::text AS "stopPrice",
      expires_at AS "expiresAt", due.state = 'SENT' AS "inDoubt", arrival
    )
    SELECT * FROM claimed ORDER BY arrival`;
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

/** Locks orders that are not at the venue and are canceled, or whose time in force is over. */
export async function lockEndedUnsent(
  tx: Tx,
  at: Date,
  ordersMax: number,
): Promise<ReadonlyMap<string, KnownOrder>> {
  const rows = await tx.$queryRaw<{ orderId: string }[]>`
    /* market.lock-ended-unsent */
    SELECT order_id::text AS "orderId" FROM venue_order
    WHERE state = 'INTENT'
      AND (cancel_state = 'ASKED' OR expires_at <= ${at}::timestamptz)
    ORDER BY order_id LIMIT ${ordersMax}::int FOR UPDATE SKIP LOCKED`;
  return lockOrders(
    tx,
    rows.map(({ orderId }) => orderId),
  );
}

/** Ends leases early: the call failed, so the cancels may be tried again then. */
export async function releaseLeases(tx: Tx, orderIds: readonly string[], at: Date): Promise<void> {
  await tx.$executeRaw`
    /* market.release-leases */
    UPDATE venue_order SET next_attempt_at = ${at}::timestamptz
    WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND state <> 'DONE'`;
}

export type GivenBack = {
  readonly orderIds: readonly string[];
  /** Those that may have arrived at the venue: it is asked before they are sent again. */
  readonly inDoubt: readonly string[];
  readonly at: Date;
};

/** Undoes a claim whose call brought no answer: it used up no attempt (domain §7). */
export async function giveBack(tx: Tx, { orderIds, inDoubt, at }: GivenBack): Promise<void> {
  await tx.$executeRaw`
    /* market.give-back */
    UPDATE venue_order SET attempts = attempts - 1, next_attempt_at = ${at}::timestamptz,
      state = CASE WHEN order_id = ANY(${[...inDoubt]}::uuid[]) THEN 'SENT' ELSE 'INTENT' END
    WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND state = 'SENT'`;
}

export type Refused = { readonly orderId: string; readonly at: Date };

/** The venue did not take these as they are written: nothing was done, and the attempt counts. */
export async function putOff(tx: Tx, refused: readonly Refused[]): Promise<void> {
  await tx.$executeRaw`
    /* market.put-off */
    UPDATE venue_order SET state = 'INTENT', next_attempt_at = input.at
    FROM jsonb_to_recordset(${JSON.stringify(refused)}::jsonb) AS input ("orderId" uuid,
      at timestamptz)
    WHERE order_id = input."orderId" AND state = 'SENT'`;
}

/** The nearest instant at which an order may be sent, canceled or re-based; null: none waits. */
export async function nextAttempt(db: Database): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    /* market.next-attempt */
    SELECT least(
      (SELECT min(next_attempt_at) FROM venue_order WHERE state IN ('INTENT', 'SENT')),
      (SELECT min(next_attempt_at) FROM venue_order
        WHERE cancel_state = 'ASKED' AND state = 'ACKNOWLEDGED'),
      (SELECT min(r.next_attempt_at) FROM venue_rebase r JOIN venue_order v USING (order_id)
        WHERE r.outcome IS NULL AND v.state IN ('ACKNOWLEDGED', 'DONE'))) AS at`;
  return row?.at ?? null;
}

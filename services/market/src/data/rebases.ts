import { Decimal } from '@simplebank/kernel/decimal';
import { Prisma } from '../generated/prisma/client.ts';
import type { Rebase } from '../venue.ts';
import type { Tx } from './client.ts';
import type { Claim } from './venue-claims.ts';

/** What a split asks of an order, as orders told it. */
export type NewRebase = Omit<Rebase, 'clientId'> & {
  readonly orderId: string;
  /** Of the event; an order that was opened by a later one has the new terms already. */
  readonly version: number;
  /** Null: it is by amount. */
  readonly quantity: Decimal | null;
  readonly recordedAt: Date;
};

/** Writes the intents, once per (order, action). */
export async function insertRebases(tx: Tx, rebases: readonly NewRebase[]): Promise<void> {
  await tx.$executeRaw`
    /* market.insert-rebases */
    INSERT INTO venue_rebase (order_id, action_id, version, ex_date, numerator, denominator,
      quantity, limit_price, stop_price, next_attempt_at, recorded_at)
    SELECT "orderId", "actionId", version, "exDate", numerator, denominator, quantity,
      "limitPrice", "stopPrice", "recordedAt", "recordedAt"
    FROM jsonb_to_recordset(${JSON.stringify(rebases)}::jsonb) AS input ("orderId" uuid,
      "actionId" uuid, version int, "exDate" date, numerator int, denominator int,
      quantity numeric, "limitPrice" numeric, "stopPrice" numeric, "recordedAt" timestamptz)
    ORDER BY 1, 2
    ON CONFLICT (order_id, action_id) DO NOTHING`;
}

/**
 * Settles what needs no venue: an order opened on the new basis is left alone, and one that
 * is not sent yet gets the new terms, which hold all splits of before. The orders are locked by the
 * caller.
 */
export async function settleHere(tx: Tx, orderIds: readonly string[], at: Date): Promise<void> {
  await tx.$executeRaw`
    /* market.settle-rebases */
    WITH settled AS (
      UPDATE venue_rebase r SET done_at = ${at}::timestamptz,
        outcome = CASE WHEN r.version < v.opened_version THEN 'VOID' ELSE 'APPLIED' END
      FROM venue_order v
      WHERE r.order_id = ANY(${[...orderIds]}::uuid[]) AND v.order_id = r.order_id
        AND r.outcome IS NULL AND (r.version < v.opened_version OR v.state = 'INTENT')
      RETURNING r.order_id, r.version, r.outcome, r.quantity, r.limit_price, r.stop_price
    ), last AS (
      SELECT DISTINCT ON (order_id) * FROM settled WHERE outcome = 'APPLIED'
      ORDER BY order_id, version DESC
    )
    UPDATE venue_order v SET quantity = last.quantity, limit_price = last.limit_price,
      stop_price = last.stop_price, opened_version = last.version
    FROM last WHERE v.order_id = last.order_id`;
}

/** Of the last split that is told of the order of `r`. */
const lastPrices = Prisma.sql`(SELECT limit_price, stop_price FROM venue_rebase
    WHERE order_id = r.order_id ORDER BY version DESC LIMIT 1) AS last`;

export type ClaimedRebase = Rebase & {
  /** Its order has ended: there is nobody to ask. */
  readonly isOver: boolean;
  readonly attempts: number;
};

/**
 * Rebases of orders that the venue has or had, the earliest of each, leased like all that is sent.
 * One that is told after a later one goes to the venue with the prices of that: those hold both.
 */
export async function claimRebases(tx: Tx, claim: Claim): Promise<readonly ClaimedRebase[]> {
  const { at, leaseUntil, ordersMax } = claim;
  type Row = Omit<ClaimedRebase, 'limitPrice' | 'stopPrice'> & {
    readonly limitPrice: string;
    readonly stopPrice: string | null;
  };
  const rows = await tx.$queryRaw<Row[]>`
    /* market.claim-rebases */
    WITH due AS (
      SELECT r.order_id, r.action_id, v.state, last.limit_price, last.stop_price
      FROM venue_rebase r JOIN venue_order v USING (order_id) CROSS JOIN LATERAL ${lastPrices}
      WHERE r.outcome IS NULL AND r.next_attempt_at <= ${at}::timestamptz
        AND v.state IN ('ACKNOWLEDGED', 'DONE')
        AND NOT EXISTS (SELECT FROM venue_rebase earlier WHERE earlier.order_id = r.order_id
          AND earlier.outcome IS NULL AND earlier.version < r.version)
      ORDER BY r.next_attempt_at LIMIT ${ordersMax}::int FOR UPDATE OF r SKIP LOCKED
    )
    UPDATE venue_rebase r SET next_attempt_at = ${leaseUntil}::timestamptz,
      attempts = attempts + 1
    FROM due WHERE r.order_id = due.order_id AND r.action_id = due.action_id
    RETURNING r.order_id::text AS "clientId", r.action_id::text AS "actionId",
      r.ex_date::text AS "exDate", numerator, denominator,
      due.limit_price::text AS "limitPrice", due.stop_price::text AS "stopPrice",
      due.state = 'DONE' AS "isOver", attempts`;
  return rows.map(({ limitPrice, stopPrice, ...row }) => ({
    ...row,
    limitPrice: new Decimal(limitPrice),
    stopPrice: stopPrice === null ? null : new Decimal(stopPrice),
  }));
}

export type Settled = {
  readonly orderId: string;
  readonly actionId: string;
  readonly outcome: 'REPLACED' | 'ENDED' | 'REFUSED';
  /** Of the order from here on, for one that was replaced. */
  readonly quantity: Decimal | null;
};

/** Notes what became of rebases; of an order that was replaced the new terms. */
export async function saveSettled(tx: Tx, settled: readonly Settled[], at: Date): Promise<void> {
  await tx.$executeRaw`
    /* market.save-rebases */
    WITH input AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(settled)}::jsonb) AS input
        ("orderId" uuid, "actionId" uuid, outcome text, quantity numeric)
    ), noted AS (
      UPDATE venue_rebase r SET outcome = input.outcome, done_at = ${at}::timestamptz
      FROM input WHERE r.order_id = "orderId" AND r.action_id = "actionId" AND r.outcome IS NULL
      RETURNING r.order_id, r.outcome, input.quantity
    )
    UPDATE venue_order v SET quantity = coalesce(r.quantity, v.quantity),
      limit_price = last.limit_price, stop_price = last.stop_price
    FROM noted r CROSS JOIN LATERAL ${lastPrices}
    WHERE v.order_id = r.order_id AND r.outcome = 'REPLACED'`;
}

export type Retried = {
  readonly orderId: string;
  readonly actionId: string;
  readonly attempts: number;
  readonly at: Date;
};

/** Ends leases early, and says which attempts count. */
export async function retryRebases(tx: Tx, rebases: readonly Retried[]): Promise<void> {
  await tx.$executeRaw`
    /* market.retry-rebases */
    UPDATE venue_rebase r SET next_attempt_at = input.at, attempts = input.attempts
    FROM jsonb_to_recordset(${JSON.stringify(rebases)}::jsonb) AS input ("orderId" uuid,
      "actionId" uuid, attempts int, at timestamptz)
    WHERE r.order_id = "orderId" AND r.action_id = "actionId" AND r.outcome IS NULL`;
}

import type { Reader, Tx } from '../../data/client.ts';

/** An order of an account, as far as closing the account is concerned. */
export type OrderCopy = { readonly orderId: string; readonly accountId: string };

/** Notes orders as begun; one whose end is known already stays ended. */
export async function noteOrders(tx: Tx, orders: readonly OrderCopy[], at: Date): Promise<void> {
  if (orders.length === 0) return;
  await tx.accountOrder.createMany({
    data: orders.map((order) => ({ ...order, ended: false, changedAt: at })),
    skipDuplicates: true,
  });
}

/** Notes orders as ended, known or not: their beginning may come later. */
export async function noteOrderEnds(tx: Tx, orders: readonly OrderCopy[], at: Date) {
  if (orders.length === 0) return;
  const ids = orders.map(({ orderId }) => orderId);
  const accountIds = orders.map(({ accountId }) => accountId);
  await tx.$executeRaw`/* accounts.note-order-ends */
    INSERT INTO account_order (order_id, account_id, ended, changed_at)
    SELECT DISTINCT ON (order_id) order_id, account_id, true, ${at}::timestamptz
    FROM unnest(${ids}::uuid[], ${accountIds}::uuid[]) AS e(order_id, account_id)
    ORDER BY order_id
    ON CONFLICT (order_id) DO UPDATE SET ended = true, changed_at = excluded.changed_at
      WHERE NOT account_order.ended`;
}

export async function hasOpenOrders(db: Reader, accountId: string): Promise<boolean> {
  const open = await db.accountOrder.findFirst({
    where: { accountId, ended: false },
    select: { orderId: true },
  });
  return open !== null;
}

export type PositionCopy = {
  readonly accountId: string;
  readonly assetId: string;
  /** A plain decimal number as text. */
  readonly quantity: string;
  readonly version: number;
};

/** Keeps the highest version of each position, in one statement. */
export async function notePositions(tx: Tx, positions: readonly PositionCopy[], at: Date) {
  if (positions.length === 0) return;
  await tx.$executeRaw`/* accounts.note-positions */
    INSERT INTO account_position (account_id, asset_id, quantity, version, changed_at)
    SELECT DISTINCT ON ("accountId", "assetId")
      "accountId", "assetId", quantity, version, ${at}::timestamptz
    FROM json_to_recordset(${JSON.stringify(positions)}::json)
      AS p("accountId" uuid, "assetId" uuid, quantity numeric, version int)
    ORDER BY "accountId", "assetId", version DESC
    ON CONFLICT (account_id, asset_id) DO UPDATE SET
      quantity = excluded.quantity, version = excluded.version, changed_at = excluded.changed_at
      WHERE excluded.version > account_position.version`;
}

/**
 * Accounts on their way to CLOSED, after this id, at most `max`. Those that obviously still have
 * something are left out, since they may have it for months; the rest is looked at under a lock.
 */
export async function listClosing(db: Reader, after: string, max: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`/* accounts.closing */
    SELECT a.id::text FROM account a
    WHERE a.status = 'CLOSING' AND a.id > ${after}::uuid AND NOT EXISTS (
      SELECT FROM account_order o WHERE o.account_id = a.id AND NOT o.ended
    ) AND NOT EXISTS (
      SELECT FROM account_position p WHERE p.account_id = a.id AND p.quantity <> 0
    ) AND NOT EXISTS (
      SELECT FROM ledger_account l WHERE l.account_id = a.id AND l.posted <> 0
    )
    ORDER BY a.id LIMIT ${max}`;
  return rows.map(({ id }) => id);
}

/**
 * True when the account has no open order, no position, no payment on its way, no dividend to come,
 * nothing that waits to be booked or to settle, and has had no change of these since `quietSince`:
 * what is on its way to us has arrived by then. Its cash, holds and debt are the ledger's to tell.
 */
export async function hasNoBusiness(tx: Tx, accountId: string, quietSince: Date) {
  const [row] = await tx.$queryRaw<{ free: boolean }[]>`/* accounts.has-no-business */
    SELECT NOT EXISTS (
      SELECT FROM account_order
      WHERE account_id = ${accountId}::uuid AND (NOT ended OR changed_at > ${quietSince})
    ) AND NOT EXISTS (
      SELECT FROM account_position
      WHERE account_id = ${accountId}::uuid AND (quantity <> 0 OR changed_at > ${quietSince})
    ) AND NOT EXISTS (
      SELECT FROM account_status_change
      WHERE account_id = ${accountId}::uuid AND at > ${quietSince}
    ) AND NOT EXISTS (
      SELECT FROM payment
      WHERE account_id = ${accountId}::uuid AND status IN ('CREATED', 'SUBMITTED')
    ) AND NOT EXISTS (
      SELECT FROM settlement_item i JOIN ledger_account l ON l.id = i.ledger_account_id
      WHERE l.account_id = ${accountId}::uuid AND i.settled_at IS NULL
    ) AND NOT EXISTS (
      SELECT FROM dividend_entitlement
      WHERE account_id = ${accountId}::uuid
        AND (paid_version IS DISTINCT FROM version OR updated_at > ${quietSince})
    ) AND NOT EXISTS (
      SELECT FROM waiting_execution w JOIN account_order o ON o.order_id = w.order_id
      WHERE o.account_id = ${accountId}::uuid
    ) AND NOT EXISTS (
      SELECT FROM parked_event WHERE strpos(body, ${accountId}) > 0
    ) AS free`;
  return row?.free ?? false;
}

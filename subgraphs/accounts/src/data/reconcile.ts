import type { Tx } from './client.ts';

/**
 * What accounts booked of an execution; `moved` is what its entries did to the account's money. An
 * EXCEPTION is left to staff, who may have booked it to the house.
 */
export type BookedExecution = {
  readonly orderId: string;
  readonly executionId: string;
  readonly accountId: string;
  readonly state: 'BOOKED' | 'EXCEPTION' | 'WAITING';
  readonly value: string | null;
  readonly moved: string;
};
export type Unpaid = {
  readonly accountId: string;
  readonly orderId: string;
  readonly executionId: string;
};
export type RememberedOrder = {
  readonly orderId: string;
  readonly accountId: string;
  readonly ended: boolean;
};
/** An order's hold that has not ended. */
export type OpenHold = {
  readonly orderId: string;
  readonly accountId: string;
  readonly amount: string;
};
/**
 * What trading did not do: `paid` by its payments' states, `dividends` by what was paid of its
 * entitlements, `other` by staff.
 */
export type AccountMoney = {
  readonly accountId: string;
  readonly net: string;
  readonly paid: string;
  readonly dividends: string;
  readonly other: string;
};
/** What an account is due of a dividend, as holdings told it. */
export type DueDividend = {
  readonly accountId: string;
  readonly actionId: string;
  readonly amount: string;
};

/** Orders of which anything is booked, held or left to staff; those after `after`, in order. */
export async function orderIdsAfter(tx: Tx, after: string, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* reconcile.order-ids */
    SELECT id FROM (
      (SELECT DISTINCT order_id::text AS id FROM settlement_item
       WHERE order_id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
      UNION (SELECT DISTINCT order_id::text FROM booking_exception
             WHERE order_id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
      UNION (SELECT reference FROM hold
             WHERE purpose = 'ORDER' AND reference > ${after} ORDER BY 1 LIMIT ${limit})
    ) AS known ORDER BY id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

export const executionsOf = (tx: Tx, orderIds: readonly string[]): Promise<BookedExecution[]> =>
  tx.$queryRaw<BookedExecution[]>`/* reconcile.executions */
    SELECT s.order_id::text AS "orderId", s.execution_id AS "executionId",
      l.account_id::text AS "accountId", 'BOOKED' AS state, s.value::text,
      (SELECT coalesce(sum(e.amount), 0) FROM transaction t
       JOIN entry e ON e.transaction_id = t.id
       JOIN ledger_account mine ON mine.id = e.ledger_account_id
       WHERE t.order_id = s.order_id AND t.execution_id = s.execution_id
         AND t.kind IN ('BUY', 'SALE') AND mine.account_id = l.account_id)::text AS moved
    FROM settlement_item s JOIN ledger_account l ON l.id = s.ledger_account_id
    WHERE s.order_id = ANY(${[...orderIds]}::uuid[]) AND l.account_id IS NOT NULL
    UNION ALL
    SELECT b.order_id::text, b.execution_id, b.account_id::text, 'EXCEPTION', NULL, '0'
    FROM booking_exception b LEFT JOIN exception_resolution r ON r.exception_id = b.id
    WHERE b.order_id = ANY(${[...orderIds]}::uuid[])
      AND r.kind IS DISTINCT FROM 'BOOKED_TO_CUSTOMER'
    UNION ALL
    SELECT order_id::text, execution_id, '', 'WAITING', NULL, '0'
    FROM waiting_execution WHERE order_id = ANY(${[...orderIds]}::uuid[])`;

export const openHoldsOf = (tx: Tx, orderIds: readonly string[]): Promise<OpenHold[]> =>
  tx.$queryRaw<OpenHold[]>`/* reconcile.open-holds */
    SELECT h.reference AS "orderId", l.account_id::text AS "accountId", h.amount::text
    FROM hold h JOIN ledger_account l ON l.id = h.ledger_account_id
    WHERE h.purpose = 'ORDER' AND h.reference = ANY(${[...orderIds]})
      AND NOT EXISTS (SELECT FROM hold_resolution r WHERE r.hold_id = h.id)`;

export async function accountIdsAfter(tx: Tx, after: string, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* reconcile.account-ids */
    SELECT id::text FROM account WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** A payment that was returned has moved nothing in the end. */
export const moneyOf = (tx: Tx, accountIds: readonly string[]): Promise<AccountMoney[]> =>
  tx.$queryRaw<AccountMoney[]>`/* reconcile.money */
    SELECT a.id::text AS "accountId",
      (SELECT sum(l.posted) FROM ledger_account l WHERE l.account_id = a.id)::text AS net,
      (SELECT coalesce(sum(CASE p.kind WHEN 'DEPOSIT' THEN p.amount ELSE -p.amount END), 0)
       FROM payment p WHERE p.account_id = a.id AND p.status = 'COMPLETED')::text AS paid,
      (SELECT coalesce(sum(d.paid), 0) FROM dividend_entitlement d
       WHERE d.account_id = a.id)::text AS dividends,
      (SELECT coalesce(sum(e.amount), 0) FROM ledger_account l
       JOIN entry e ON e.ledger_account_id = l.id
       JOIN transaction t ON t.id = e.transaction_id
       WHERE l.account_id = a.id AND t.kind NOT IN ('BUY', 'SALE', 'DIVIDEND')
         AND (t.payment_id IS NULL OR t.kind = 'CORRECTION'))::text AS other
    FROM account a WHERE a.id = ANY(${[...accountIds]}::uuid[])`;

export const dividendsOf = (tx: Tx, accountIds: readonly string[]): Promise<DueDividend[]> =>
  tx.$queryRaw<DueDividend[]>`/* reconcile.dividends */
    SELECT account_id::text AS "accountId", action_id::text AS "actionId",
      trim_scale(amount)::text AS amount
    FROM dividend_entitlement WHERE account_id = ANY(${[...accountIds]}::uuid[]) AND amount > 0`;

/** Executions that the customers of these accounts have not paid for: staff's, or the house's. */
export const unpaidOf = (tx: Tx, accountIds: readonly string[]): Promise<Unpaid[]> =>
  tx.$queryRaw<Unpaid[]>`/* reconcile.unpaid */
    SELECT b.account_id::text AS "accountId", b.order_id::text AS "orderId",
      b.execution_id AS "executionId"
    FROM booking_exception b LEFT JOIN exception_resolution r ON r.exception_id = b.id
    WHERE b.account_id = ANY(${[...accountIds]}::uuid[])
      AND r.kind IS DISTINCT FROM 'BOOKED_TO_CUSTOMER'`;

/** What accounts remembers of orders; the orders of an earlier release are not among them. */
export const rememberedOrders = (tx: Tx, orderIds: readonly string[]) =>
  tx.$queryRaw<RememberedOrder[]>`/* reconcile.remembered-orders */
    SELECT order_id::text AS "orderId", account_id::text AS "accountId", ended
    FROM account_order WHERE order_id = ANY(${[...orderIds]}::uuid[])`;

/** What accounts remembers of positions; those of an earlier release are not among them. */
export const rememberedPositions = (tx: Tx, accountIds: readonly string[]) =>
  tx.$queryRaw<AccountMaster[]>`/* reconcile.remembered-positions */
    SELECT account_id || ':' || asset_id AS id, version,
      jsonb_build_object('quantity', trim_scale(quantity)::text) AS fields
    FROM account_position WHERE account_id = ANY(${[...accountIds]}::uuid[])`;

/** An account as its events describe it. */
export type AccountMaster = {
  readonly id: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
};

export const mastersOf = (tx: Tx, accountIds: readonly string[]): Promise<AccountMaster[]> =>
  tx.$queryRaw<AccountMaster[]>`/* reconcile.masters */
    SELECT a.id::text, a.version, jsonb_build_object(
      'number', a.number::text, 'currency', a.currency, 'status', a.status,
      'owners', (SELECT string_agg(o.customer_id::text, ' ' ORDER BY o.customer_id)
                 FROM account_owner o WHERE o.account_id = a.id)) AS fields
    FROM account a WHERE a.id = ANY(${[...accountIds]}::uuid[])`;

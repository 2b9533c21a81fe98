import type { Transaction } from './client.ts';

/** An execution as orders booked it; one that fits no order is an EXCEPTION and booked nowhere. */
export type OrderExecution = {
  readonly orderId: string;
  readonly executionId: string;
  readonly state: 'BOOKED' | 'EXCEPTION' | 'WAITING';
  readonly quantity: string;
  readonly price: string;
  readonly value: string;
  readonly fees: string;
};
export type OrderTerms = {
  readonly orderId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly side: 'BUY' | 'SELL';
  readonly currency: string;
  readonly status: string;
  readonly holdAmount: string | null;
  readonly quantity: string | null;
};
/** What trading did to an account by its orders: `spent` is value and fees of its executions. */
export type AccountTrades = { readonly accountId: string; readonly spent: string };
export type AccountShares = {
  readonly accountId: string;
  readonly assetId: string;
  readonly quantity: string;
};
export type Copy = {
  readonly id: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
};
export type Mismatch = {
  readonly law: string;
  readonly accountId: string | null;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
};

type Ids = readonly { readonly id: string }[];
const plain = (rows: Ids): string[] => rows.map(({ id }) => id);

export const orderIdsAfter = async (tx: Transaction, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.order-ids */
    SELECT id::text FROM "order" WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`,
  );

export const accountIdsAfter = async (tx: Transaction, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.account-ids */
    SELECT id FROM (
      (SELECT id::text FROM account WHERE id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
      UNION (SELECT DISTINCT account_id::text FROM "order"
             WHERE account_id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
    ) AS known ORDER BY id LIMIT ${limit}`,
  );

export const assetIdsAfter = async (tx: Transaction, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.asset-ids */
    SELECT id::text FROM asset WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`,
  );

export const termsOf = (tx: Transaction, orderIds: readonly string[]): Promise<OrderTerms[]> =>
  tx.$queryRaw<OrderTerms[]>`/* reconcile.terms */
    SELECT id::text AS "orderId", account_id::text AS "accountId", asset_id::text AS "assetId",
      side, currency, status, hold_amount::text AS "holdAmount", quantity::text
    FROM "order" WHERE id = ANY(${[...orderIds]}::uuid[])`;

export const executionsOf = (tx: Transaction, orderIds: readonly string[]) =>
  tx.$queryRaw<OrderExecution[]>`/* reconcile.executions */
    SELECT order_id::text AS "orderId", execution_id AS "executionId", 'BOOKED' AS state,
      quantity::text, price::text, value::text, (commission_fee + sec_fee + taf_fee)::text AS fees
    FROM order_event
    WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND execution_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT order_id::text, detail ->> 'executionId', 'EXCEPTION',
      detail ->> 'quantity', detail ->> 'price', '0', '0'
    FROM order_exception x
    WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND detail ->> 'event' = 'EXECUTED'
      AND NOT EXISTS (SELECT FROM order_event e WHERE e.order_id = x.order_id
                      AND e.execution_id = x.detail ->> 'executionId')
    UNION ALL
    SELECT DISTINCT order_id::text, message ->> 'executionId', 'WAITING',
      message ->> 'quantity', message ->> 'price', '0', '0'
    FROM waiting_message
    WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND message ->> 'event' = 'EXECUTED'`;

export const tradesOf = (tx: Transaction, accountIds: readonly string[]) =>
  tx.$queryRaw<AccountTrades[]>`/* reconcile.trades */
    SELECT o.account_id::text AS "accountId",
      sum(CASE o.side WHEN 'BUY' THEN e.value ELSE -e.value END
          + e.commission_fee + e.sec_fee + e.taf_fee)::text AS spent
    FROM "order" o JOIN order_event e ON e.order_id = o.id AND e.execution_id IS NOT NULL
    WHERE o.account_id = ANY(${[...accountIds]}::uuid[]) GROUP BY 1`;

export const sharesOf = (tx: Transaction, accountIds: readonly string[]) =>
  tx.$queryRaw<AccountShares[]>`/* reconcile.shares */
    SELECT o.account_id::text AS "accountId", o.asset_id::text AS "assetId",
      sum(CASE o.side WHEN 'BUY' THEN e.quantity ELSE -e.quantity END)::text AS quantity
    FROM "order" o JOIN order_event e ON e.order_id = o.id AND e.execution_id IS NOT NULL
    WHERE o.account_id = ANY(${[...accountIds]}::uuid[]) GROUP BY 1, 2`;

export const accountCopies = (tx: Transaction, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.account-copies */
    SELECT id::text, version, jsonb_build_object('number', number::text, 'currency', currency,
      'status', status, 'owners', (SELECT string_agg(o::text, ' ' ORDER BY o)
                                   FROM unnest(owner_ids) AS o)) AS fields
    FROM account WHERE id = ANY(${[...ids]}::uuid[])`;

export const assetCopies = (tx: Transaction, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.asset-copies */
    SELECT id::text, version, jsonb_build_object('symbol', symbol, 'name', name, 'type', type,
      'currency', currency, 'fractionable', fractionable::text, 'state', state) AS fields
    FROM asset WHERE id = ANY(${[...ids]}::uuid[])`;

const mismatchesMax = 1_000;

/** Rows whose totals are not those of their executions (domain §13 law 6, its sums). */
export const wrongTotals = (tx: Transaction): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.wrong-totals */
    SELECT 'order = its executions' AS law, o.account_id::text AS "accountId",
      'order ' || o.id AS subject,
      e.executions || ': ' || e.quantity || ' for ' || e.value || ' + ' || e.fees AS expected,
      o.executions || ': ' || o.filled_quantity || ' for ' || o.filled_value || ' + '
        || (o.commission_fee + o.sec_fee + o.taf_fee) AS actual
    FROM "order" o
    LEFT JOIN (
      SELECT order_id, count(*) AS executions, sum(quantity) AS quantity, sum(value) AS value,
        sum(commission_fee + sec_fee + taf_fee) AS fees
      FROM order_event WHERE execution_id IS NOT NULL GROUP BY 1
    ) AS e ON e.order_id = o.id
    WHERE o.executions <> coalesce(e.executions, 0)
      OR o.filled_quantity <> coalesce(e.quantity, 0) OR o.filled_value <> coalesce(e.value, 0)
      OR o.commission_fee + o.sec_fee + o.taf_fee <> coalesce(e.fees, 0)
    ORDER BY o.id LIMIT ${mismatchesMax}`;

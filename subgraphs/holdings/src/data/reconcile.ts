import type { Tx } from './client.ts';

export type BookedExecution = {
  readonly orderId: string;
  readonly executionId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly value: string;
  readonly fee: string;
};
/** What a sale has set aside and not sold yet; `quantity` is what it asked for. */
export type OpenReservation = {
  readonly orderId: string;
  readonly accountId: string;
  readonly quantity: string;
};
/**
 * `missing`: shares that late sales sold and the house owes (domain §3.6). `split`: by how many
 * shares splits have changed the position.
 */
export type HeldShares = {
  readonly accountId: string;
  readonly assetId: string;
  readonly quantity: string;
  readonly missing: string;
  readonly split: string;
};
/** What an account is due of a dividend; nothing is not told. */
export type DueDividend = {
  readonly accountId: string;
  readonly actionId: string;
  readonly amount: string;
};
export type Copy = {
  readonly id: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
};

type Ids = readonly { readonly id: string }[];
const plain = (rows: Ids): string[] => rows.map(({ id }) => id);

export const orderIdsAfter = async (tx: Tx, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.order-ids */
    SELECT id FROM (
      (SELECT DISTINCT order_id::text AS id FROM execution
       WHERE order_id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
      UNION (SELECT order_id::text FROM reservation
             WHERE order_id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
    ) AS known ORDER BY id LIMIT ${limit}`,
  );

export const accountIdsAfter = async (tx: Tx, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.account-ids */
    SELECT id FROM (
      (SELECT id::text FROM account WHERE id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
      UNION (SELECT DISTINCT account_id::text FROM position
             WHERE account_id > ${after}::uuid ORDER BY 1 LIMIT ${limit})
    ) AS known ORDER BY id LIMIT ${limit}`,
  );

export const assetIdsAfter = async (tx: Tx, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.asset-ids */
    SELECT id::text FROM asset WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`,
  );

export const executionsOf = (tx: Tx, orderIds: readonly string[]): Promise<BookedExecution[]> =>
  tx.$queryRaw<BookedExecution[]>`/* reconcile.executions */
    SELECT order_id::text AS "orderId", execution_id AS "executionId",
      account_id::text AS "accountId", asset_id::text AS "assetId", side, quantity::text,
      value::text, fee::text
    FROM execution WHERE order_id = ANY(${[...orderIds]}::uuid[])`;

export const openReservationsOf = (tx: Tx, orderIds: readonly string[]) =>
  tx.$queryRaw<OpenReservation[]>`/* reconcile.open-reservations */
    SELECT order_id::text AS "orderId", account_id::text AS "accountId", quantity::text
    FROM reservation WHERE state = 'RESERVED' AND order_id = ANY(${[...orderIds]}::uuid[])`;

export const sharesOf = (tx: Tx, accountIds: readonly string[]): Promise<HeldShares[]> =>
  tx.$queryRaw<HeldShares[]>`/* reconcile.shares */
    SELECT coalesce(p.account_id, m.account_id)::text AS "accountId",
      coalesce(p.asset_id, m.asset_id)::text AS "assetId",
      coalesce(p.quantity, 0)::text AS quantity, coalesce(m.quantity, 0)::text AS missing,
      (SELECT coalesce(sum(s.quantity_after - s.quantity), 0) FROM position_action AS s
       WHERE s.account_id = p.account_id AND s.asset_id = p.asset_id)::text AS split
    FROM (SELECT * FROM position WHERE account_id = ANY(${[...accountIds]}::uuid[])) AS p
    FULL JOIN (
      SELECT account_id, asset_id, sum(quantity) AS quantity FROM missing_shares
      WHERE account_id = ANY(${[...accountIds]}::uuid[]) GROUP BY 1, 2
    ) AS m ON m.account_id = p.account_id AND m.asset_id = p.asset_id`;

export const dividendsOf = (tx: Tx, accountIds: readonly string[]): Promise<DueDividend[]> =>
  tx.$queryRaw<DueDividend[]>`/* reconcile.dividends */
    SELECT account_id::text AS "accountId", action_id::text AS "actionId",
      trim_scale(amount)::text AS amount
    FROM position_action WHERE account_id = ANY(${[...accountIds]}::uuid[]) AND amount > 0`;

/** Positions as their events describe them. */
export const positionMasters = (tx: Tx, accountIds: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.position-masters */
    SELECT account_id || ':' || asset_id AS id, version,
      jsonb_build_object('quantity', trim_scale(quantity)::text,
        'reserved', trim_scale(reserved)::text) AS fields
    FROM position WHERE account_id = ANY(${[...accountIds]}::uuid[])`;

export const accountCopies = (tx: Tx, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.account-copies */
    SELECT id::text, version, jsonb_build_object('number', number::text, 'currency', currency,
      'status', status, 'owners', (SELECT string_agg(o::text, ' ' ORDER BY o)
                                   FROM unnest(owner_ids) AS o)) AS fields
    FROM account WHERE id = ANY(${[...ids]}::uuid[])`;

export const assetCopies = (tx: Tx, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.asset-copies */
    SELECT id::text, version,
      jsonb_build_object('symbol', symbol, 'name', name, 'type', type) AS fields
    FROM asset WHERE id = ANY(${[...ids]}::uuid[])`;

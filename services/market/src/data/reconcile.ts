import type { Tx } from './client.ts';

/** An execution as the venue reported it. */
export type ReportedExecution = {
  readonly orderId: string;
  readonly executionId: string;
  readonly quantity: string;
  readonly price: string;
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
    SELECT DISTINCT order_id::text AS id FROM execution
    WHERE order_id > ${after}::uuid ORDER BY 1 LIMIT ${limit}`,
  );

export const assetIdsAfter = async (tx: Tx, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.asset-ids */
    SELECT asset_id::text AS id FROM instrument
    WHERE asset_id > ${after}::uuid ORDER BY 1 LIMIT ${limit}`,
  );

export const executionsOf = (tx: Tx, orderIds: readonly string[]): Promise<ReportedExecution[]> =>
  tx.$queryRaw<ReportedExecution[]>`/* reconcile.executions */
    SELECT order_id::text AS "orderId", execution_id AS "executionId", quantity::text, price::text
    FROM execution WHERE order_id = ANY(${[...orderIds]}::uuid[])`;

export const assetCopies = (tx: Tx, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.asset-copies */
    SELECT asset_id::text AS id, version,
      jsonb_build_object('symbol', symbol, 'currency', currency, 'state', state) AS fields
    FROM instrument WHERE asset_id = ANY(${[...ids]}::uuid[])`;

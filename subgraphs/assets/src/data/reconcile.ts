import type { Tx } from './client.ts';

/** An asset as its event describes it. */
export type AssetMaster = {
  readonly id: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
};

export async function assetIdsAfter(tx: Tx, after: string, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* reconcile.asset-ids */
    SELECT id::text FROM asset WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

export const mastersOf = (tx: Tx, ids: readonly string[]): Promise<AssetMaster[]> =>
  tx.$queryRaw<AssetMaster[]>`/* reconcile.masters */
    SELECT id::text, version, jsonb_build_object('symbol', symbol, 'name', name, 'type', type,
      'currency', currency, 'fractionable', fractionable::text, 'state', state) AS fields
    FROM asset WHERE id = ANY(${[...ids]}::uuid[])`;

import type { Tx } from './client.ts';

export type Copy = {
  readonly id: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
};

type Ids = readonly { readonly id: string }[];
const plain = (rows: Ids): string[] => rows.map(({ id }) => id);

export const accountIdsAfter = async (tx: Tx, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.account-ids */
    SELECT id::text FROM account WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`,
  );

export const assetIdsAfter = async (tx: Tx, after: string, limit: number) =>
  plain(
    await tx.$queryRaw<Ids>`/* reconcile.asset-ids */
    SELECT id::text FROM asset WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`,
  );

export const accountCopies = (tx: Tx, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.account-copies */
    SELECT id::text, version, jsonb_build_object('number', number::text, 'currency', currency,
      'status', status, 'owners', (SELECT string_agg(o::text, ' ' ORDER BY o)
                                   FROM unnest(owner_ids) AS o)) AS fields
    FROM account WHERE id = ANY(${[...ids]}::uuid[])`;

export const assetCopies = (tx: Tx, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.asset-copies */
    SELECT id::text, version, jsonb_build_object('symbol', symbol, 'name', name, 'type', type,
      'currency', currency, 'fractionable', fractionable::text, 'state', state) AS fields
    FROM asset WHERE id = ANY(${[...ids]}::uuid[])`;

/** The positions that rebalancing reckons with, named by account and asset. */
export const positionCopies = (tx: Tx, accountIds: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.position-copies */
    SELECT account_id || ':' || asset_id AS id, version,
      jsonb_build_object('quantity', trim_scale(quantity)::text,
        'reserved', trim_scale(reserved)::text) AS fields
    FROM position WHERE account_id = ANY(${[...accountIds]}::uuid[])`;

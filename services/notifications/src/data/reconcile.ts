import type { Tx } from './client.ts';

export type Copy = {
  readonly id: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
};

export async function accountIdsAfter(tx: Tx, after: string, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* reconcile.account-ids */
    SELECT id::text FROM account WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

export const accountCopies = (tx: Tx, ids: readonly string[]): Promise<Copy[]> =>
  tx.$queryRaw<Copy[]>`/* reconcile.account-copies */
    SELECT id::text, version, jsonb_build_object('number', number,
      'owners', (SELECT string_agg(o::text, ' ' ORDER BY o)
                 FROM unnest(owner_ids) AS o)) AS fields
    FROM account WHERE id = ANY(${[...ids]}::uuid[])`;

import type { Tx } from './client.ts';

export type KeyRow = {
  readonly owner: string;
  readonly key: string;
  readonly requestHash: string;
  readonly subjectId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
};

/**
 * Null when the key is new and now ours; else what it was used for. A second request waits here
 * until the first has ended; if that one was refused, its key is gone and this one takes it.
 */
export async function claimKey(tx: Tx, row: KeyRow): Promise<KeyRow | null> {
  const { count } = await tx.idempotencyKey.createMany({ data: [row], skipDuplicates: true });
  if (count === 1) return null;
  const { owner, key } = row;
  return tx.idempotencyKey.findUniqueOrThrow({ where: { owner_key: { owner, key } } });
}

/** Removes keys whose time is over, at most `max` at once. */
export async function dropExpiredKeys(
  tx: Tx,
  { now, max }: { readonly now: Date; readonly max: number },
): Promise<number> {
  return tx.$executeRaw`/* accounts.idempotency.drop-expired */
    DELETE FROM idempotency_key WHERE (owner, key) IN (
      SELECT owner, key FROM idempotency_key WHERE expires_at < ${now} LIMIT ${max})`;
}

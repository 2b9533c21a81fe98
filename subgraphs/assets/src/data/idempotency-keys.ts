import type { Tx } from './client.ts';

export type KeyRow = {
  readonly owner: string;
  readonly key: string;
  readonly requestHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
};
type FirstUse = { readonly requestHash: string; readonly answer: string };

/** What a key says until its command has an answer; only its own transaction sees it. */
const unanswered = '';

/**
 * Null when the key is new and now ours; else what it was used for. A second request waits here
 * until the first has ended; if that one was refused, its key is gone and this one takes it.
 */
export async function claimKey(tx: Tx, row: KeyRow): Promise<FirstUse | null> {
  const data = [{ ...row, answer: unanswered }];
  const { count } = await tx.idempotencyKey.createMany({ data, skipDuplicates: true });
  if (count === 1) return null;
  const { owner, key } = row;
  return tx.idempotencyKey.findUniqueOrThrow({ where: { owner_key: { owner, key } } });
}

/** What a repeat of the command is answered. */
export async function keepAnswer(
  tx: Tx,
  { owner, key, answer }: Pick<KeyRow, 'owner' | 'key'> & { readonly answer: string },
): Promise<void> {
  await tx.idempotencyKey.update({ where: { owner_key: { owner, key } }, data: { answer } });
}

/** Removes keys whose time is over, at most `max` at once. */
export async function dropExpiredKeys(
  tx: Tx,
  { now, max }: { readonly now: Date; readonly max: number },
): Promise<number> {
  return tx.$executeRaw`
    /* assets.drop-expired-keys */
    DELETE FROM idempotency_key WHERE (owner, key) IN (
      SELECT owner, key FROM idempotency_key
      WHERE expires_at < ${now.toISOString()}::timestamptz LIMIT ${max}::int)`;
}

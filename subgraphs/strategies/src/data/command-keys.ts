import type { Tx } from './client.ts';

export type KeyUse = {
  readonly ownerId: string;
  readonly key: string;
  readonly requestHash: string;
  /** What the command makes or changes. */
  readonly subjectId: string;
  readonly usedAt: Date;
  /** Null for keys that never expire. */
  readonly expiresAt: Date | null;
};

/**
 * Takes the key for this command. Else answers its first use, or `INVESTED` when an investment has
 * taken it (a trigger looks). A command that takes the same key at the same time waits here until
 * the first one has ended.
 */
export async function takeKey(tx: Tx, use: KeyUse): Promise<KeyUse | 'INVESTED' | null> {
  const taken = await tx.commandKey.createMany({ data: [use], skipDuplicates: true });
  if (taken.count === 1) return null;
  const { ownerId, key } = use;
  const first = await tx.commandKey.findUnique({ where: { ownerId_key: { ownerId, key } } });
  return first ?? 'INVESTED';
}

/** Whether a command other than an investment has used the key. */
export async function isKeyTaken(tx: Tx, ownerId: string, key: string): Promise<boolean> {
  const use = await tx.commandKey.findUnique({ where: { ownerId_key: { ownerId, key } } });
  return use !== null;
}

/** Removes keys whose time is over, at most `max` at once. */
export const dropExpiredKeys = (
  tx: Tx,
  { now, max }: { readonly now: Date; readonly max: number },
): Promise<number> =>
  tx.$executeRaw`/* strategies.drop-expired-keys */
    DELETE FROM command_key WHERE (owner_id, key) IN (
      SELECT owner_id, key FROM command_key WHERE expires_at < ${now} LIMIT ${max})`;

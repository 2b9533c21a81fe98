import type { Prisma } from '../generated/prisma/client.ts';
import type { Tx } from './client.ts';

export type KeyUse = {
  readonly ownerId: string;
  readonly key: string;
  readonly requestHash: string;
  readonly expiresAt: Date;
};
type FirstUse = { readonly requestHash: string; readonly answer: unknown };

/**
 * Takes the key for this command, or answers its first use. A command that takes the same key at
 * the same time waits here until the first one has ended.
 */
export async function takeKey(tx: Tx, use: KeyUse): Promise<FirstUse | null> {
  const { count } = await tx.commandKey.createMany({
    data: [{ ...use, answer: {} }],
    skipDuplicates: true,
  });
  if (count === 1) return null;
  const { ownerId, key } = use;
  return tx.commandKey.findUniqueOrThrow({ where: { ownerId_key: { ownerId, key } } });
}

/** Keeps what the first success answered, in the transaction that took the key. */
export async function keepAnswer(tx: Tx, use: KeyUse, answer: object): Promise<void> {
  const { ownerId, key } = use;
  await tx.commandKey.update({
    where: { ownerId_key: { ownerId, key } },
    data: { answer: answer as Prisma.InputJsonObject },
  });
}

/** Removes keys whose time is over, at most `most` at once. */
export async function dropKeysBefore(tx: Tx, at: Date, most: number): Promise<number> {
  return tx.$executeRaw`
    /* notifications.drop-keys */
    DELETE FROM command_key WHERE (owner_id, key) IN (
      SELECT owner_id, key FROM command_key WHERE expires_at < ${at}::timestamptz
      ORDER BY expires_at LIMIT ${most}::int)`;
}

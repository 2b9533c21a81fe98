import type { Tx } from './client.ts';

export type KeyUse = {
  readonly ownerId: string;
  readonly key: string;
  readonly requestHash: string;
  readonly strategyId: string;
  readonly usedAt: Date;
};

/**
 * Takes the key for this command, or answers its first use. A command that takes the same key at
 * the same time waits here until the first one has ended.
 */
export async function takeKey(tx: Tx, use: KeyUse): Promise<KeyUse | null> {
  const taken = await tx.commandKey.createMany({ data: [use], skipDuplicates: true });
  if (taken.count === 1) return null;
  const { ownerId, key } = use;
  return tx.commandKey.findUnique({ where: { ownerId_key: { ownerId, key } } });
}

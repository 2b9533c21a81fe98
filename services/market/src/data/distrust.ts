import type { CopyName } from '@simplebank/chassis/operator';
import type { Tx } from './client.ts';

/** Puts a copy below every version that its owner has told. */
export async function distrust(tx: Tx, { kind, id }: CopyName): Promise<void> {
  if (kind === 'asset') {
    await tx.$executeRaw`
      /* market.distrust-asset */
      UPDATE instrument SET version = 0 WHERE asset_id = ${id}::uuid`;
  }
}

/** Removes a copy that no event has confirmed since: its owner knows no such thing. */
export async function dropUnconfirmed(tx: Tx, { kind, id }: CopyName): Promise<void> {
  if (kind === 'asset') {
    await tx.$executeRaw`
      /* market.drop-unconfirmed-asset */
      DELETE FROM instrument WHERE version = 0 AND asset_id = ${id}::uuid`;
  }
}

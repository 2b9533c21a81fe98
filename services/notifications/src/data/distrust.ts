import type { CopyName } from '@simplebank/chassis/operator';
import type { Tx } from './client.ts';

/** Puts a copy below every version that its owner has told. */
export async function distrust(tx: Tx, { kind, id }: CopyName): Promise<void> {
  if (kind === 'account') {
    await tx.$executeRaw`
      /* notifications.distrust-account */
      UPDATE account SET version = 0 WHERE id = ${id}::uuid`;
  }
}

/** Removes a copy that no event has confirmed since: its owner knows no such thing. */
export async function dropUnconfirmed(tx: Tx, { kind, id }: CopyName): Promise<void> {
  if (kind === 'account') {
    await tx.$executeRaw`
      /* notifications.drop-unconfirmed-account */
      DELETE FROM account WHERE version = 0 AND id = ${id}::uuid`;
  }
}

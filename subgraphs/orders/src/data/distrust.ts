import type { CopyName } from '@simplebank/chassis/operator';
import type { Transaction } from './client.ts';

/** Puts a copy below every version that its owner has told. */
export async function distrust(tx: Transaction, { kind, id }: CopyName): Promise<void> {
  if (kind === 'account') {
    await tx.$executeRaw`
      /* orders.distrust-account */
      UPDATE account SET version = 0 WHERE id = ${id}::uuid`;
  }
  if (kind === 'asset') {
    await tx.$executeRaw`
      /* orders.distrust-asset */
      UPDATE asset SET version = 0 WHERE id = ${id}::uuid`;
  }
}

/** Removes a copy that no event has confirmed since: its owner knows no such thing. */
export async function dropUnconfirmed(tx: Transaction, { kind, id }: CopyName): Promise<void> {
  if (kind === 'account') {
    await tx.$executeRaw`
      /* orders.drop-unconfirmed-account */
      DELETE FROM account WHERE version = 0 AND id = ${id}::uuid`;
  }
  if (kind === 'asset') {
    await tx.$executeRaw`
      /* orders.drop-unconfirmed-asset */
      DELETE FROM asset WHERE version = 0 AND id = ${id}::uuid`;
  }
}

import type { CopyName } from '@simplebank/chassis/operator';
import type { Tx } from './client.ts';

/** A position is named `<account>:<asset>`. */
const accountOf = (id: string): string => id.split(':')[0] ?? '';
const assetOf = (id: string): string => id.split(':')[1] ?? '';

/** Puts a copy below every version that its owner has told. */
export async function distrust(tx: Tx, { kind, id }: CopyName): Promise<void> {
  if (kind === 'position') {
    await tx.$executeRaw`
      /* accounts.distrust-position */
      UPDATE account_position SET version = 0 WHERE account_id = ${accountOf(id)}::uuid
        AND asset_id = ${assetOf(id)}::uuid`;
  }
}

/** Removes a copy that no event has confirmed since: its owner knows no such thing. */
export async function dropUnconfirmed(tx: Tx, { kind, id }: CopyName): Promise<void> {
  if (kind === 'position') {
    await tx.$executeRaw`
      /* accounts.drop-unconfirmed-position */
      DELETE FROM account_position WHERE version = 0 AND account_id = ${accountOf(id)}::uuid
        AND asset_id = ${assetOf(id)}::uuid`;
  }
}

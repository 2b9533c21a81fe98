import type { Tx } from '../../deps.ts';
import { type AssetLocks, lockAssets } from '../data/actions.ts';

export const lockActionAssets = (tx: Tx, locks: AssetLocks): Promise<void> => lockAssets(tx, locks);

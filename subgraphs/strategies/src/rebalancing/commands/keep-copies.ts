import type { Tx } from '../../data/client.ts';
import { type PositionCopy, type PriceCopy, savePositions, savePrices } from '../data/copies.ts';

/** Keeps what accounts hold; an older version changes nothing. */
export const keepPositions = (tx: Tx, positions: readonly PositionCopy[]): Promise<void> =>
  savePositions(tx, positions);

/** Keeps the last prices; an older sequence changes nothing. */
export const keepPrices = (tx: Tx, prices: readonly PriceCopy[]): Promise<void> =>
  savePrices(tx, prices);

import { isUuid } from '@simplebank/kernel/ids';
import { type Holding, type HoldingPlace, placeOfHolding } from '../domain/holding.ts';

/** `currentHoldings` and `holdings` are plain lists, so they end somewhere. */
export const currentHoldingsMax = 1_000;

export function placeOf(holding: Holding): readonly string[] {
  const { symbol, assetId } = placeOfHolding(holding);
  return [symbol, assetId];
}

/** Null for what is no place of a holding. */
export const readPlace = ([symbol, assetId]: readonly unknown[]): HoldingPlace | null =>
  typeof symbol === 'string' && typeof assetId === 'string' && isUuid(assetId)
    ? { symbol, assetId }
    : null;

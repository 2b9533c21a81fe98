import { isUuid } from '@simplebank/kernel/ids';
import { type Holding, type HoldingPlace, placeOfHolding } from '../domain/holding.ts';
import { cursorOf, placeOf } from './paging.ts';

/** `currentHoldings` and `holdings` are plain lists, so they end somewhere. */
export const currentHoldingsMax = 1_000;
export const holdingsPageMax = 100;

export function cursorOfHolding(holding: Holding): string {
  const { symbol, assetId } = placeOfHolding(holding);
  return cursorOf([symbol, assetId]);
}

/** Throws BAD_INPUT for a text that no page of holdings gave. */
export const placeOfCursor = (cursor: string | null | undefined): HoldingPlace | null =>
  placeOf(cursor, ([symbol, assetId]) =>
    typeof symbol === 'string' && typeof assetId === 'string' && isUuid(assetId)
      ? { symbol, assetId }
      : null,
  );

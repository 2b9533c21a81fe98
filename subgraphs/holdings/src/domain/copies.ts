import type { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';

/** Our copy of an asset's master data; the highest version wins. */
export type Asset = {
  readonly id: AssetId;
  readonly symbol: string;
  readonly name: string;
  readonly type: string;
  readonly sector: string | null;
  readonly version: number;
  readonly asOf: Date;
};

/** Our copy of an asset's last price; the highest sequence wins. */
export type LastPrice = {
  readonly assetId: AssetId;
  readonly last: Decimal;
  readonly sequence: number;
  readonly at: Date;
};

/** The newest of each, in key order, so that writers lock rows in one order. */
export function newest<T>(
  items: readonly T[],
  read: (item: T) => [key: string, rank: number],
): T[] {
  const best = new Map<string, { readonly item: T; readonly rank: number }>();
  for (const item of items) {
    const [key, rank] = read(item);
    const known = best.get(key);
    if (!known || known.rank < rank) best.set(key, { item, rank });
  }
  return [...best].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { item }]) => item);
}

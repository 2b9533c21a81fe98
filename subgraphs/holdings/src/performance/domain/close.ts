import type { Decimal } from '@simplebank/kernel/decimal';

/** What an asset closed at on a trading day, on that day's basis. The highest version wins. */
export type Close = {
  readonly assetId: string;
  readonly day: string;
  readonly close: Decimal;
  readonly version: number;
};

/** The newest of each asset and day, in key order, so that writers lock rows in one order. */
export function newestCloses(closes: readonly Close[]): Close[] {
  const best = new Map<string, Close>();
  for (const close of closes) {
    const key = `${close.assetId} ${close.day}`;
    const known = best.get(key);
    if (!known || known.version < close.version) best.set(key, close);
  }
  return [...best].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, close]) => close);
}

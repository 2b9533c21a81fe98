import { zero } from '@simplebank/kernel/decimal';
import { roundCash } from '@simplebank/kernel/money';
import type { Market } from './market.ts';
import type { Run } from './run.ts';

/** For so long after its end the trades of a run are waited for; then nothing is known of them. */
const tradesWaitMsMax = 10 * 60_000;

/**
 * True while a position is what it was before the last run traded: the news of its trades is on
 * its way, and whoever decided now would sell or buy the same once more.
 */
export function isUnheard(
  { items, endedAt, currency }: Pick<Run, 'items' | 'endedAt' | 'currency'>,
  { positions, now }: Pick<Market, 'positions' | 'now'>,
): boolean {
  if (endedAt === null || now.getTime() - endedAt.getTime() > tradesWaitMsMax) return false;
  return items.some(({ assetId, filledQuantity, price, value }) => {
    if (price === null || filledQuantity.isZero()) return false;
    const held = positions.find((one) => one.assetId === assetId)?.quantity ?? zero;
    return roundCash(held.times(price), currency).equals(value);
  });
}

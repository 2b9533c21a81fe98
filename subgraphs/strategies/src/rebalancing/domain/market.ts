import { Decimal, zero } from '@simplebank/kernel/decimal';
import { isStale, type MarketHours } from '@simplebank/kernel/market-hours';
import { roundCash } from '@simplebank/kernel/money';
import type { AssetCopy } from '../../domain/copies.ts';
import type { Slice } from '../../domain/slice.ts';
import type { Stake } from './cash-flow.ts';
import type { RunTerms } from './run.ts';

/** What the account could sell of an asset: its position less what orders have reserved. */
type Available = { readonly assetId: string; readonly quantity: Decimal };
type LastPrice = { readonly last: Decimal; readonly at: Date };

/** What is known here when a run is decided: copies that events feed. */
export type Market = {
  readonly slices: readonly Slice[];
  readonly positions: readonly Available[];
  readonly assets: ReadonlyMap<string, AssetCopy>;
  readonly prices: ReadonlyMap<string, LastPrice>;
  readonly now: Date;
  readonly hours: MarketHours;
};

/** An asset of the strategy, or one outside it with the target zero; its value in minor units. */
export type Holding = Stake & {
  readonly assetId: string;
  readonly available: Decimal;
  readonly price: Decimal | null;
  readonly asset: AssetCopy | undefined;
};

type Terms = Pick<RunTerms, 'sellOutside' | 'currency'>;

/** Of what a strategy does not have, so many assets at most are sold in one run. */
const outsideMax = 100;

/**
 * The assets of the strategy, its cash slice left out, and with `sellOutside` what else is held
 * and can be sold.
 */
export function holdingsOf(terms: Terms, market: Market): readonly Holding[] {
  const own = market.slices.flatMap(({ assetId, percentage }) =>
    assetId === null ? [] : [holdingOf({ assetId, percentage }, terms, market)],
  );
  if (!terms.sellOutside) return own;
  const ids = new Set(own.map(({ assetId }) => assetId));
  const outside = market.positions
    .filter(({ assetId, quantity }) => !ids.has(assetId) && quantity.greaterThan(0))
    .filter(({ assetId }) => isSellable(market.assets.get(assetId)))
    .slice(0, outsideMax)
    .map(({ assetId }) => holdingOf({ assetId, percentage: zero }, terms, market));
  return [...own, ...outside];
}

export const isSellable = (asset: AssetCopy | undefined): boolean =>
  asset !== undefined &&
  asset.type !== 'CASH' &&
  (asset.state === 'ACTIVE' || asset.state === 'SELL_ONLY');

export const isBuyable = (asset: AssetCopy | undefined): boolean =>
  asset !== undefined && asset.type !== 'CASH' && asset.state === 'ACTIVE';

type Target = { readonly assetId: string; readonly percentage: Decimal };

function holdingOf({ assetId, percentage }: Target, { currency }: Terms, market: Market): Holding {
  const asset = market.assets.get(assetId);
  const position = market.positions.find((one) => one.assetId === assetId);
  const available = Decimal.max(position?.quantity ?? zero, zero);
  const price = asset?.currency === currency ? priceOf(asset, market) : null;
  const value = price ? roundCash(available.times(price), currency) : zero;
  return { assetId, percentage, available, price, value, asset };
}

/** An asset that does not trade is worth its last price, however old. */
function priceOf(asset: AssetCopy, { prices, now, hours }: Market): Decimal | null {
  const price = prices.get(asset.id);
  if (!price?.last.greaterThan(0)) return null;
  return isSellable(asset) && isStale(hours, { at: price.at, now }) ? null : price.last;
}

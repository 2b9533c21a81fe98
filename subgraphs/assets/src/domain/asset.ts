import type { AssetId } from '@simplebank/kernel/ids';
import { type Currency, isCurrency } from '@simplebank/kernel/money';
import { namedId } from '@simplebank/kernel/named-id';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { areSameTicks, areTicks, type Tick, usualTicks } from './ticks.ts';

export type AssetType = 'STOCK' | 'ETF' | 'FUND' | 'BOND' | 'CASH';
export type AssetState = 'ACTIVE' | 'HALTED' | 'SELL_ONLY' | 'DELISTED';

/** What staff say about an asset; its state is not part of it. */
export type AssetDraft = {
  readonly symbol: string;
  readonly name: string;
  readonly type: AssetType;
  readonly sector: string | null;
  readonly subIndustry: string | null;
  readonly currency: string;
  readonly fractionable: boolean;
  /** Null: the usual ones of a new asset, those that it has of a known one. */
  readonly ticks: readonly Tick[] | null;
};
export type Asset = Omit<AssetDraft, 'currency' | 'ticks'> & {
  readonly id: AssetId;
  readonly currency: Currency;
  readonly ticks: readonly Tick[];
  readonly state: AssetState;
  /** Counts the changes; also the version of the event about each. */
  readonly version: number;
};

export type RegisterRefusal =
  | 'DUPLICATE_SYMBOL'
  | 'CURRENCY_NOT_SUPPORTED'
  | 'ASSET_DELISTED'
  | 'ASSET_DIFFERS'
  | 'TICKS_INVALID';
export type StateRefusal = 'STATE_NOT_ALLOWED';

const symbolShape = /^[A-Z0-9][A-Z0-9.-]{0,11}$/;
export const isSymbol = (text: string): boolean => symbolShape.test(text);

/** The id follows from the symbol, so that every run of the demo bank has the same assets. */
const assetIdOf = (symbol: string): AssetId => namedId('asset', symbol) as AssetId;

/** A first registration; new assets are ACTIVE. */
export function register(draft: AssetDraft): Result<Asset, RegisterRefusal> {
  const { currency, symbol } = draft;
  const ticks = draft.ticks ?? usualTicks;
  if (!isCurrency(currency)) return refuse('CURRENCY_NOT_SUPPORTED');
  if (!areTicks(ticks)) return refuse('TICKS_INVALID');
  return ok({ ...draft, currency, ticks, id: assetIdOf(symbol), state: 'ACTIVE', version: 1 });
}

const descriptive = ['name', 'sector', 'subIndustry', 'fractionable'] as const;

/** The asset with what the draft says anew; the asset itself when it says nothing new. */
export function update(asset: Asset, draft: AssetDraft): Result<Asset, RegisterRefusal> {
  if (asset.type !== draft.type || asset.currency !== draft.currency)
    return refuse('ASSET_DIFFERS');
  const ticks = draft.ticks ?? asset.ticks;
  if (!areTicks(ticks)) return refuse('TICKS_INVALID');
  const isSame = descriptive.every((field) => asset[field] === draft[field]);
  if (isSame && areSameTicks(asset.ticks, ticks)) return ok(asset);
  if (asset.state === 'DELISTED') return refuse('ASSET_DELISTED');
  const { name, sector, subIndustry, fractionable } = draft;
  const version = asset.version + 1;
  return ok({ ...asset, name, sector, subIndustry, fractionable, ticks, version });
}

/** Domain §5; the database keeps the same table as a trigger. */
const ways: Readonly<Record<AssetState, readonly AssetState[]>> = {
  ACTIVE: ['HALTED', 'SELL_ONLY', 'DELISTED'],
  HALTED: ['ACTIVE', 'DELISTED'],
  SELL_ONLY: ['ACTIVE', 'DELISTED'],
  DELISTED: [],
};

/** The asset in its new state; the asset itself when it is there already. */
export function changeState(asset: Asset, state: AssetState): Result<Asset, StateRefusal> {
  if (asset.state === state) return ok(asset);
  if (!ways[asset.state].includes(state)) return refuse('STATE_NOT_ALLOWED');
  return ok({ ...asset, state, version: asset.version + 1 });
}

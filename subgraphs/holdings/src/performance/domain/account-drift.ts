import { Decimal, zero } from '@simplebank/kernel/decimal';
import { ok } from '@simplebank/kernel/result';
import { driftOfShares } from './drift.ts';
import { liveValue, type Portfolio } from './portfolio.ts';
import type { Elected } from './strategy.ts';
import { type Rate, unavailable } from './unavailable.ts';

/** An asset, or cash when it is null, beside what the strategy says of it. Fractions of 1. */
type DriftPart = {
  readonly assetId: string | null;
  readonly symbol: string | null;
  /** Exact; null when something held has no price, or nothing is held. */
  readonly actual: Decimal | null;
  readonly target: Decimal;
};

export type AccountDrift = {
  readonly elected: Elected;
  readonly drift: Rate;
  /** The strategy's slices in its order, then what is held beside it. */
  readonly parts: readonly DriftPart[];
};

/**
 * How far an account is from the strategy that it follows: Σ |actual − target| ÷ 2 over all that
 * either names, cash included (domain §4.3). What is held outside of the strategy has target 0.
 */
export function driftFrom(portfolio: Portfolio, elected: Elected): AccountDrift {
  const whole = liveValue(portfolio);
  const parts = placesOf(portfolio, elected).map(({ value, ...place }) => ({
    ...place,
    actual: whole?.greaterThan(0) && value ? value.div(whole) : null,
  }));
  return { elected, parts, drift: driftOf(whole, parts) };
}

function driftOf(whole: Decimal | null, parts: readonly DriftPart[]): Rate {
  if (whole === null) return unavailable('PRICE_MISSING');
  if (!whole.greaterThan(0)) return unavailable('NO_VALUE');
  const gaps = parts.map(({ actual, target }) => ({ actual: actual ?? zero, target }));
  return ok(driftOfShares(gaps));
}

function placesOf({ cash, positions }: Portfolio, { slices }: Elected) {
  const values = new Map(positions.map(({ assetId, value }) => [assetId, value]));
  const worth = (assetId: string | null): Decimal | null => {
    if (assetId === null) return cash;
    const value = values.get(assetId);
    return value === undefined ? zero : value;
  };
  const targets = slices.map(({ assetId, symbol, percentage }) => ({
    ...{ assetId, symbol, value: worth(assetId) },
    target: new Decimal(percentage).div(100),
  }));
  const named = new Set(slices.map(({ assetId }) => assetId));
  const others = positions
    .filter(({ assetId }) => !named.has(assetId))
    .map(({ assetId, symbol, value }) => ({ assetId, symbol, value, target: zero }));
  const loose = { assetId: null, symbol: null, value: cash, target: zero };
  return [...targets, ...others, ...(named.has(null) || cash.isZero() ? [] : [loose])];
}

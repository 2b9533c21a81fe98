import type { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import { type KnownPrice, worthAt } from '../../domain/known-price.ts';

/** A lot as it is shown, with our copies of its asset. */
export type LotView = {
  readonly id: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly symbol: string | null;
  readonly currency: Currency;
  readonly orderId: string;
  readonly executionId: string;
  readonly acquiredAt: Date;
  readonly acquiredOn: string;
  readonly quantity: Decimal;
  readonly splitChange: Decimal;
  readonly remaining: Decimal;
  readonly cost: Decimal;
  readonly fee: Decimal;
  readonly remainingCost: Decimal;
  readonly remainingFee: Decimal;
  readonly lastPrice: KnownPrice | null;
};

/** The part of a sale that came out of one lot. */
export type GainView = {
  readonly id: string;
  readonly assetId: string;
  readonly symbol: string | null;
  readonly currency: Currency;
  readonly lotId: string;
  readonly orderId: string;
  readonly executionId: string;
  readonly acquiredOn: string;
  readonly soldOn: string;
  readonly soldAt: Date;
  readonly quantity: Decimal;
  readonly proceeds: Decimal;
  readonly cost: Decimal;
  readonly buyFee: Decimal;
  readonly saleFee: Decimal;
  readonly grossGain: Decimal;
  readonly netGain: Decimal;
  readonly term: 'SHORT' | 'LONG';
};

export type GainTotal = {
  readonly year: number;
  readonly term: 'SHORT' | 'LONG';
  readonly currency: Currency;
  /** Executions of sales. */
  readonly sales: number;
  readonly proceeds: Decimal;
  readonly cost: Decimal;
  readonly fees: Decimal;
  readonly grossGain: Decimal;
  readonly netGain: Decimal;
};

/** All positions of an account together. */
export type HoldingsTotal = {
  readonly currency: Currency;
  readonly positions: number;
  readonly cost: Decimal;
  /** Null when a position has no price. */
  readonly value: Decimal | null;
  readonly asOf: Date | null;
};

/** What is left of a lot at the last price, half up to the cent; null without a price. */
export function lotValue({ remaining, lastPrice, currency }: LotView): Decimal | null {
  if (!lastPrice) return null;
  return worthAt(remaining, lastPrice, currency);
}

/**
 * The first trade date on which a sale is long-term: later than the acquisition date plus one year,
 * which after 29 February is 28 February (domain §4.1).
 */
export function longTermFrom(acquiredOn: string): string {
  const [year = 0, month = 1, day = 1] = acquiredOn.split('-').map(Number);
  const leapDay = month === 2 && day === 29;
  const next = new Date(Date.UTC(year + 1, month - 1, leapDay ? 28 : day));
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 'yyyy-mm-dd'.length);
}

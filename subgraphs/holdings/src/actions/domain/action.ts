import { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';
import { type Currency, quantityDecimals, roundCash } from '@simplebank/kernel/money';
import { toParts } from '../../domain/minor-units.ts';

type About = {
  readonly id: string;
  readonly assetId: AssetId;
  readonly symbol: string;
  /** The first trading day on the new basis, a date in New York. */
  readonly exDate: string;
  /** The event that told of it. */
  readonly toldBy: { readonly correlationId: string; readonly eventId: string };
};
/** New shares (`numerator`) for old ones (`denominator`), before the opening of the ex-date. */
export type Split = About & {
  readonly kind: 'SPLIT';
  readonly numerator: number;
  readonly denominator: number;
};
/** `rate` is paid per share to who held at the close of the trading day before the ex-date. */
export type Dividend = About & {
  readonly kind: 'DIVIDEND';
  readonly rate: Decimal;
  readonly currency: Currency;
  readonly payDate: string;
};
/** An action whose ex-date has begun (domain §4.4). */
export type Action = Split | Dividend;

export const isSplit = (action: Action): action is Split => action.kind === 'SPLIT';
export const isDividend = (action: Action): action is Dividend => action.kind === 'DIVIDEND';

type Ratio = Pick<Split, 'numerator' | 'denominator'>;

/** floor(quantity × n ÷ d) in parts of 9 decimals (domain §4.4). */
export const splitParts = (parts: bigint, { numerator, denominator }: Ratio): bigint =>
  (parts * BigInt(numerator)) / BigInt(denominator);

export const fromParts = (parts: bigint): Decimal =>
  new Decimal(parts.toString()).div(new Decimal(10).pow(quantityDecimals));

export const splitQuantity = (quantity: Decimal, ratio: Ratio): Decimal =>
  fromParts(splitParts(toParts(quantity), ratio));

/** quantity × rate, half up to the smallest coin; it may come to nothing (domain §4.4). */
export const dividendOf = (quantity: Decimal, { rate, currency }: Dividend): Decimal =>
  roundCash(quantity.times(rate), currency);

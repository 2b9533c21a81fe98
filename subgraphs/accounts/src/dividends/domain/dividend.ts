import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';

/** What holdings says an account is due of a dividend in all. */
export type Entitlement = {
  readonly actionId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly symbol: string;
  /** The shares held at the close of the trading day before the ex-date. */
  readonly quantity: Decimal;
  readonly rate: Decimal;
  readonly amount: Decimal;
  readonly currency: Currency;
  readonly exDate: string;
  readonly payDate: string;
  readonly version: number;
  /** The event that told it; payments are its consequence. */
  readonly correlationId: string;
  readonly eventId: string;
};

/** An entitlement whose pay date has come, with what was paid of it before. */
export type DueDividend = Entitlement & { readonly paid: Decimal };

/** What has to be booked so that what was paid is what is due; negative takes some back. */
export const differenceOf = ({ amount, paid }: DueDividend): Decimal => amount.minus(paid);

/**
 * What of a booking becomes debt: a dividend that is taken back leaves as far as it is available,
 * the rest is owed, as of a payment that goes back (domain §2.4).
 */
export const debtOf = (difference: Decimal, available: Decimal): Decimal =>
  difference.isNegative() ? Decimal.max(zero, difference.negated().minus(available)) : zero;

/** One for each action and account; a version is booked once. */
export const nameOf = ({ actionId, accountId }: Pick<Entitlement, 'actionId' | 'accountId'>) =>
  `${actionId}:${accountId}`;

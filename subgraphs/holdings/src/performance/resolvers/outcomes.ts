import { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Rate } from '../domain/unavailable.ts';

/** As wide as a rate is stored (domain §1). */
const rateDecimals = 12;

export const rounded = (rate: Decimal): Decimal =>
  rate.toDecimalPlaces(rateDecimals, Decimal.ROUND_HALF_UP);

/** A rate for display, or why there is none. */
export const rateOutcome = (rate: Rate) =>
  rate.ok
    ? ({ __typename: 'PerformanceReturn', rate: rounded(rate.value) } as const)
    : ({ __typename: 'PerformanceUnavailable', reason: rate.error } as const);

export const amountOutcome = (amount: Rate, currency: Currency) =>
  amount.ok
    ? ({ __typename: 'PerformanceAmount', amount: { amount: amount.value, currency } } as const)
    : ({ __typename: 'PerformanceUnavailable', reason: amount.error } as const);

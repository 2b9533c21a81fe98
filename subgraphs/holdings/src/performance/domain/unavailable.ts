import type { Decimal } from '@simplebank/kernel/decimal';
import { type Result, refuse } from '@simplebank/kernel/result';

/** Why there is no such figure (domain §4.3). Nothing that does not exist is told as 0. */
export const unavailableReasons = [
  'NO_SIGN_CHANGE',
  'NO_DURATION',
  'OUT_OF_RANGE',
  'NO_BASE',
  'NO_VALUE',
  'PRICE_MISSING',
] as const;
export type UnavailableReason = (typeof unavailableReasons)[number];

/** A rate as a fraction, 0.1 being 10 %, or why there is none. */
export type Rate = Result<Decimal, UnavailableReason>;

export const unavailable = (reason: UnavailableReason) => refuse(reason);

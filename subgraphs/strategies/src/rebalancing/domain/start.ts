import { CalendarUnknown } from '@simplebank/kernel/calendar';
import { Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import type { MarketHours } from '@simplebank/kernel/market-hours';
import { type Currency, minorDigitsOf } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { AccountCopy } from '../../domain/copies.ts';
import { isBelowMinimum } from '../../domain/split.ts';
import type { RebalanceMode } from './run.ts';

/** A run starts only with at least this long to the close (domain §6.4). */
const startBeforeCloseMsMin = 15 * 60_000;
/** How long a run that waited for the opening tries to begin, from the opening on. */
const queuedMsMax = 30 * 60_000;
/** Sales end so long before the close that the purchases still belong to the same day. */
export const sellingMsMax = 10 * 60_000;
export const buyingMsMax = 30 * 60_000;
/** Far below what the columns hold, so that no run can break one (our choice). */
const amountMax = new Decimal(1_000_000_000);

export type AmountRefusal =
  | 'AMOUNT_REQUIRED'
  | 'AMOUNT_NOT_POSITIVE'
  | 'AMOUNT_PRECISION'
  | 'AMOUNT_BELOW_MINIMUM'
  | 'AMOUNT_ABOVE_LIMIT';
export type StartRefusal =
  | AmountRefusal
  | 'AMOUNT_ABOVE_VALUE'
  | 'NO_ELECTION'
  | 'STRATEGY_NOT_ACTIVE'
  | 'ACCOUNT_STATUS'
  | 'RUN_OPEN'
  | 'TOO_LATE'
  | 'PRICE_UNAVAILABLE'
  | 'CALENDAR_UNKNOWN';

export type Wish = { readonly mode: RebalanceMode; readonly amount: Decimal | null };

/** What the money of a run has to be: FULL may do without, only CASH_FLOW may take it out. */
export function amountRefusal({ mode, amount }: Wish, currency: Currency): AmountRefusal | null {
  if (amount === null) return mode === 'FULL' ? null : 'AMOUNT_REQUIRED';
  if (amount.isZero() || (amount.isNegative() && mode !== 'CASH_FLOW')) {
    return 'AMOUNT_NOT_POSITIVE';
  }
  if (decimalsOf(amount) > minorDigitsOf(currency)) return 'AMOUNT_PRECISION';
  if (isBelowMinimum(amount.abs())) return 'AMOUNT_BELOW_MINIMUM';
  return amount.abs().greaterThan(amountMax) ? 'AMOUNT_ABOVE_LIMIT' : null;
}

/** Money is raised by sales alone, which more account states allow than purchases (domain §2.3). */
const raisesMoney = ({ mode, amount }: Wish): boolean =>
  mode === 'CASH_FLOW' && amount !== null && amount.isNegative();

const sellingStatuses = ['ACTIVE', 'LIMITED', 'CLOSING'];

/** Whether the account's state allows what the run would do (domain §2.3). */
export const accountAllows = ({ status }: Pick<AccountCopy, 'status'>, wish: Wish): boolean =>
  raisesMoney(wish) ? sellingStatuses.includes(status) : status === 'ACTIVE';

/** `beginsNow`: the market is open; else the run waits for `opensAt` and is decided then. */
export type StartTime = { readonly beginsNow: boolean; readonly deadline: Date };

/**
 * When a run that is asked for now begins. TOO_LATE with less than 15 minutes to the close. While
 * the market is closed a run is queued until it opens, since prices of yesterday decide nothing.
 * Around the clock (`always`) a run begins at once and no close is ever near.
 */
export function startTimeOf(
  now: Date,
  hours: MarketHours,
): Result<StartTime, 'TOO_LATE' | 'CALENDAR_UNKNOWN'> {
  try {
    if (!hours.isOpen(now)) {
      const deadline = new Date(hours.nextOpen(now).getTime() + queuedMsMax);
      return ok({ beginsNow: false, deadline });
    }
    const leftMs = hours.dayEnd(now).getTime() - now.getTime();
    if (leftMs < startBeforeCloseMsMin) return refuse('TOO_LATE');
    return ok({ beginsNow: true, deadline: new Date(now.getTime() + sellingMsMax) });
  } catch (error) {
    if (error instanceof CalendarUnknown) return refuse(error.code);
    throw error;
  }
}

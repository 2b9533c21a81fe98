import { isStale } from '@simplebank/kernel/market-hours';
import type { Context } from '../../context.ts';
import { oldestPriceAt, type Portfolio } from '../domain/portfolio.ts';

type Watch = Pick<Context, 'hours' | 'clock'>;

/** A price is missing, or one is older than 15 minutes while the market is open (domain §4.2). */
export function restsOnStale(portfolio: Portfolio, { hours, clock }: Watch): boolean {
  const at = oldestPriceAt(portfolio);
  return isDegraded(portfolio) || (at !== null && isStale(hours, { at, now: clock.now() }));
}

export const isDegraded = ({ positions }: Portfolio): boolean =>
  positions.some(({ value }) => value === null);

export const asOf = (portfolio: Portfolio, { clock }: Watch): Date =>
  oldestPriceAt(portfolio) ?? clock.now();

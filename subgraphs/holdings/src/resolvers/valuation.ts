import { tellDegraded } from '@simplebank/chassis/degraded';
import { isCurrent } from '@simplebank/kernel/market-hours';
import type { Context } from '../context.ts';

/**
 * What a price makes of something, by the steps of OPS-61: while the market is open a price of the
 * last 5 minutes, else nothing but the quantity, and the answer says that it is degraded. While the
 * market is closed the last price is current, with its `asOf`.
 */
export function valued<T>(value: T | null, pricedAt: Date | null, context: Context): T | null {
  const { hours, clock } = context;
  if (value !== null && pricedAt && isCurrent(hours, { at: pricedAt, now: clock.now() })) {
    return value;
  }
  const asOf = pricedAt ? { asOf: pricedAt.toISOString() } : {};
  tellDegraded(context, { dependency: 'assets', kind: 'quantities_only', ...asOf, stale: true });
  return null;
}

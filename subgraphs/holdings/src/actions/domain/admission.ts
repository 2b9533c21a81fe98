import { type Decimal, zero } from '@simplebank/kernel/decimal';
import { byMoment } from '../../domain/execution.ts';
import { toParts } from '../../domain/minor-units.ts';
import { type Reservation, restOf } from '../../domain/reservation.ts';
import { fromParts, type Split } from './action.ts';
import { rebased, type Sold } from './rebased-reservation.ts';
import { shortfalls, type Trade, tradeKey } from './replay.ts';

/** A position before some sales are admitted to it. */
export type Ground = {
  /** Booked before, and the buys that come with the sales. */
  readonly trades: readonly Trade[];
  readonly splits: readonly Split[];
  readonly reservations: readonly Reservation[];
};

export type ArrivedSale = { readonly trade: Trade; readonly late: boolean };

/**
 * Admits sales in the order of their executions: answers how many shares of each the customer has.
 * A sale from before a split takes shares of that time, and afterwards there must still be enough
 * for what is set aside. Only a late fill may find too few (domain §3.6); null: the buy of its
 * shares is not here yet.
 */
export function admitSales(
  ground: Ground,
  sales: readonly ArrivedSale[],
): ReadonlyMap<string, Decimal> | null {
  const booked = new Map<string, Decimal>();
  let trades = ground.trades;
  const inOrder = [...sales].sort((a, b) => byMoment(a.trade, b.trade));
  for (const { trade, late } of inOrder) {
    const fits = (parts: bigint) => isCovered({ ...ground, trades }, trade, fromParts(parts));
    const wanted = toParts(trade.quantity);
    if (!fits(wanted) && !late) return null;
    const quantity = fromParts(fits(wanted) ? wanted : largest(wanted, fits));
    booked.set(tradeKey(trade), quantity);
    trades = [...trades, { ...trade, quantity }];
  }
  return booked;
}

/** True when so much of a sale leaves every other sale its shares, and open orders theirs. */
function isCovered(ground: Ground, sale: Trade, quantity: Decimal): boolean {
  const trades = [...ground.trades, { ...sale, quantity }];
  const { lacking, held } = shortfalls({ trades, splits: ground.splits });
  if (lacking.size > 0) return false;
  const reserved = followed({ ...ground, trades }).map(restOf);
  return reserved.reduce((all, rest) => all.plus(rest), zero).lessThanOrEqualTo(held);
}

/** The largest number of parts, below what does not fit, that does; zero when none. */
function largest(tooMany: bigint, fits: (parts: bigint) => boolean): bigint {
  let [low, high] = [0n, tooMany];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The reservations as these trades and splits have left them. */
export function followed({ trades, splits, reservations }: Ground): Reservation[] {
  const byOrder = new Map<string, Sold[]>();
  for (const { side, orderId, tradeDate, quantity } of trades) {
    if (side === 'BUY') continue;
    byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), { on: tradeDate, quantity }]);
  }
  return reservations.map((reservation) =>
    rebased(reservation, { sold: byOrder.get(reservation.orderId) ?? [], splits }),
  );
}

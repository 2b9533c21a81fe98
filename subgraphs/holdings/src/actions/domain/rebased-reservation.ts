import { Decimal, zero } from '@simplebank/kernel/decimal';
import { type Reservation, restOf } from '../../domain/reservation.ts';
import { type Split, splitQuantity } from './action.ts';

/** What an order has sold: in the shares of that day. */
export type Sold = { readonly on: string; readonly quantity: Decimal };

/**
 * A reservation from the definition, so that it is the same in whatever order its order, its
 * executions, its end and splits came: what was asked, less what was sold, put on the new basis by
 * each split that came while it lived (domain §4.4). What an ended order sells late counts as
 * released no longer. `quantity` stays the sum of consumed, released and what is left, each in the
 * shares of its time.
 */
export function rebased(
  reservation: Reservation,
  { sold, splits }: { readonly sold: readonly Sold[]; readonly splits: readonly Split[] },
): Reservation {
  const { asked, askedOn, state } = reservation;
  if (asked.isZero()) return reservation;
  let left = asked;
  let consumed = zero;
  const take = (from: string | null, until: string | null) => {
    for (const { on, quantity } of sold) {
      if ((from !== null && on < from) || (until !== null && on >= until)) continue;
      const part = Decimal.min(left, quantity);
      left = left.minus(part);
      consumed = consumed.plus(part);
    }
  };
  const lived = splits.filter(
    ({ exDate }) => askedOn < exDate && !endedBefore(reservation, exDate),
  );
  let since: string | null = null;
  for (const split of lived) {
    take(since, split.exDate);
    since = split.exDate;
    left = splitQuantity(left, split);
  }
  take(since, null);
  const released = state === 'ENDED' ? left : Decimal.min(left, givenUp(reservation));
  return { ...reservation, quantity: consumed.plus(left), consumed, released };
}

/** Until its shares are released an order that has ended follows splits like any other. */
const endedBefore = ({ state, askedOn, endedOn }: Reservation, exDate: string): boolean =>
  state === 'ENDED' && (endedOn ?? askedOn) < exDate;

/** What a living reservation had to give up because a split left fewer shares than it held. */
const givenUp = ({ state, released }: Reservation): Decimal =>
  state === 'RESERVED' ? released : zero;

/**
 * Orders that were taken on the old basis after the ex-date, because the split was told late, may
 * have set aside more than there is: the youngest give up what is lacking.
 */
export function fitted(reservations: readonly Reservation[], held: Decimal): Reservation[] {
  const wanted = reservations.reduce((all, one) => all.plus(restOf(one)), zero);
  let over = Decimal.max(zero, wanted.minus(held));
  const youngestFirst = [...reservations].sort(
    (a, b) => b.askedOn.localeCompare(a.askedOn) || b.orderId.localeCompare(a.orderId),
  );
  return youngestFirst.map((reservation) => {
    const cut = Decimal.min(over, restOf(reservation));
    over = over.minus(cut);
    return cut.isZero()
      ? reservation
      : { ...reservation, released: reservation.released.plus(cut) };
  });
}

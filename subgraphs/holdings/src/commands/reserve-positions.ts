import type { Cause, Fact } from '@simplebank/contracts/event';
import { findAccounts } from '../data/copies.ts';
import { lockPositions } from '../data/positions.ts';
import { lockReservations, saveReservations } from '../data/reservations.ts';
import type { Deps, Tx } from '../deps.ts';
import { maySell } from '../domain/account.ts';
import { keyOf } from '../domain/position.ts';
import { type Ask, type Reservation, refused, reserve } from '../domain/reservation.ts';
import { positionRefused, positionReserved } from '../events/published.ts';
import { saveChanges } from './save-changes.ts';

export type Asked = { readonly ask: Ask; readonly cause: Cause };

/**
 * Sets shares aside for sales, all or nothing per order, in the order given. An order that is known
 * here gets no second answer; one that ended before it was seen gets none at all.
 */
export async function reservePositions(tx: Tx, deps: Deps, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return;
  const asks = asked.map(({ ask }) => ask);
  const before = await lockPositions(tx, asks);
  const known = await lockReservations(
    tx,
    asks.map(({ orderId }) => orderId),
  );
  const accounts = await findAccounts(tx, [...new Set(asks.map(({ accountId }) => accountId))]);
  const forbidden = new Set(
    accounts.flatMap((account) => (account && !maySell(account) ? [account.id] : [])),
  );

  const after = new Map(before);
  const reservations = new Map<string, Reservation>();
  const facts: Fact[] = [];
  for (const { ask, cause } of asked) {
    if (known.has(ask.orderId) || reservations.has(ask.orderId)) continue;
    if (forbidden.has(ask.accountId)) {
      reservations.set(ask.orderId, refused(ask));
      facts.push(positionRefused(ask, 'ACCOUNT_STATUS', cause));
      continue;
    }
    const { position, reservation } = reserve(after.get(keyOf(ask)) ?? null, ask);
    reservations.set(ask.orderId, reservation);
    if (position) after.set(keyOf(ask), position);
    const isReserved = reservation.state === 'RESERVED';
    facts.push(
      isReserved
        ? positionReserved(ask, cause)
        : positionRefused(ask, 'INSUFFICIENT_POSITION', cause),
    );
  }
  await saveReservations(tx, [...reservations.values()], deps.clock.now());
  const causes = new Map(asked.map(({ ask, cause }) => [keyOf(ask), cause]));
  await saveChanges(tx, deps, { before, after, causes, facts });
}

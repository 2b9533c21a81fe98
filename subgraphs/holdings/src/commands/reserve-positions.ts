import type { Cause, Fact } from '@simplebank/contracts/event';
import { zero } from '@simplebank/kernel/decimal';
import { findAccounts } from '../data/copies.ts';
import { soldQuantities } from '../data/executions.ts';
import { lockPositions } from '../data/positions.ts';
import { lockReservations, saveReservations } from '../data/reservations.ts';
import type { Deps, Tx } from '../deps.ts';
import { maySell } from '../domain/account.ts';
import { keyOf } from '../domain/position.ts';
import {
  type Ask,
  isUnseen,
  type Reservation,
  refused,
  reserve,
  seenAfterEnd,
} from '../domain/reservation.ts';
import { positionRefused, positionReserved } from '../events/published.ts';
import { saveChanges } from './save-changes.ts';

export type Asked = { readonly ask: Ask; readonly cause: Cause };

/**
 * Sets shares aside for sales, all or nothing per order, in the order given. An order gets one
 * answer; one that ended before it was seen gets none, because nobody waits for it.
 */
export async function reservePositions(tx: Tx, deps: Deps, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return;
  const asks = asked.map(({ ask }) => ask);
  const orderIds = asks.map(({ orderId }) => orderId);
  const before = await lockPositions(tx, asks);
  const known = await lockReservations(tx, orderIds);
  const sold = await soldQuantities(tx, orderIds);
  const forbidden = await forbiddenAccounts(tx, asks);

  const after = new Map(before);
  const reservations = new Map<string, Reservation>();
  const facts: Fact[] = [];
  for (const { ask, cause } of asked) {
    const earlier = known.get(ask.orderId);
    if (reservations.has(ask.orderId) || (earlier && !isUnseen(earlier))) continue;
    const soldBefore = sold.get(ask.orderId) ?? zero;
    if (earlier) {
      reservations.set(ask.orderId, seenAfterEnd(earlier, ask, soldBefore));
      continue;
    }
    if (forbidden.has(ask.accountId)) {
      reservations.set(ask.orderId, refused(ask, soldBefore));
      facts.push(positionRefused(ask, 'ACCOUNT_STATUS', cause));
      continue;
    }
    const { position, reservation } = reserve(after.get(keyOf(ask)) ?? null, ask, soldBefore);
    reservations.set(ask.orderId, reservation);
    if (position) after.set(keyOf(ask), position);
    facts.push(answer(ask, reservation, cause));
  }
  await saveReservations(tx, [...reservations.values()], deps.clock.now());
  const causes = new Map(asked.map(({ ask, cause }) => [keyOf(ask), cause]));
  await saveChanges(tx, deps, { before, after, causes, facts });
}

const answer = (ask: Ask, { state }: Reservation, cause: Cause): Fact =>
  state === 'RESERVED'
    ? positionReserved(ask, cause)
    : positionRefused(ask, 'INSUFFICIENT_POSITION', cause);

async function forbiddenAccounts(tx: Tx, asks: readonly Ask[]): Promise<ReadonlySet<string>> {
  const accounts = await findAccounts(tx, [...new Set(asks.map(({ accountId }) => accountId))]);
  return new Set(accounts.flatMap((account) => (account && !maySell(account) ? [account.id] : [])));
}

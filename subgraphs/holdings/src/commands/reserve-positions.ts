import type { Cause, Fact } from '@simplebank/contracts/event';
import type { OrderId } from '@simplebank/kernel/ids';
import { replayPositions } from '../actions/commands/replay-positions.ts';
import { findActions } from '../actions/data/actions.ts';
import { isSplit } from '../actions/domain/action.ts';
import { rebased } from '../actions/domain/rebased-reservation.ts';
import { findAccounts } from '../data/copies.ts';
import { soldByDay } from '../data/executions.ts';
import { lockPositions } from '../data/positions.ts';
import { lockReservations, saveReservations } from '../data/reservations.ts';
import type { Deps, Tx } from '../deps.ts';
import { maySell } from '../domain/account.ts';
import { keyOf } from '../domain/position.ts';
import {
  type Ask,
  asking,
  isUnseen,
  type Reservation,
  refused,
  reserve,
  seenAfterEnd,
} from '../domain/reservation.ts';
import { positionRefused, positionReserved } from '../events/published.ts';
import { outdatedBy } from './outdated.ts';
import { saveChanges } from './save-changes.ts';

export type Asked = { readonly ask: Ask; readonly cause: Cause };

/**
 * Sets shares aside for sales, all or nothing per order, in the order given. An order gets one
 * answer; one that ended before it was seen gets none, because nobody waits for it.
 */
export async function reservePositions(tx: Tx, deps: Deps, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return;
  const asks = asked.map(({ ask }) => ask);
  const before = await lockUpToDate(tx, deps, asked);
  const known = await lockReservations(
    tx,
    asks.map(({ orderId }) => orderId),
  );
  const wishes = await wishesOf(tx, asks, known);
  const forbidden = await forbiddenAccounts(tx, asks);

  const after = new Map(before);
  const reservations = new Map<string, Reservation>();
  const facts: Fact[] = [];
  for (const { ask, cause } of asked) {
    const wish = wishes.get(ask.orderId);
    if (!wish || reservations.has(ask.orderId)) continue;
    if (known.has(ask.orderId)) {
      reservations.set(ask.orderId, wish);
      continue;
    }
    if (forbidden.has(ask.accountId)) {
      reservations.set(ask.orderId, refused(wish));
      facts.push(positionRefused(ask, 'ACCOUNT_STATUS', cause));
      continue;
    }
    const { position, reservation } = reserve(after.get(keyOf(ask)) ?? null, wish);
    reservations.set(ask.orderId, reservation);
    if (position) after.set(keyOf(ask), position);
    facts.push(answer(ask, reservation, cause));
  }
  await saveReservations(tx, [...reservations.values()], deps.clock.now());
  const causes = new Map(asked.map(({ ask, cause }) => [keyOf(ask), cause]));
  await saveChanges(tx, deps, { before, after, causes, facts });
}

/** Positions on which every action has been carried out. */
async function lockUpToDate(tx: Tx, deps: Deps, asked: readonly Asked[]) {
  const asks = asked.map(({ ask }) => ask);
  const positions = await lockPositions(tx, asks);
  const { actions, outdated } = await outdatedBy(tx, [...positions.values()], []);
  if (outdated.size === 0) return positions;
  const behind = new Map([...positions].filter(([key]) => outdated.has(key)));
  const causes = new Map(asked.map(({ ask, cause }) => [keyOf(ask), cause]));
  await replayPositions(tx, deps, { positions: behind, actions, arrived: [], causes });
  return lockPositions(tx, asks);
}

/** What is to be set aside now: less what is sold already, in shares after past splits. */
async function wishesOf(
  tx: Tx,
  asks: readonly Ask[],
  known: ReadonlyMap<OrderId, Reservation>,
): Promise<ReadonlyMap<string, Reservation>> {
  const assetIds = asks.map(({ assetId }) => assetId);
  const splits = (await findActions(tx, assetIds)).filter(isSplit);
  const sold = await soldByDay(
    tx,
    asks.map(({ orderId }) => orderId),
  );
  const wishes = asks.flatMap((ask): [string, Reservation][] => {
    const earlier = known.get(ask.orderId);
    if (earlier && !isUnseen(earlier)) return [];
    const wish = earlier ? seenAfterEnd(earlier, ask) : asking(ask);
    const mine = splits.filter(({ assetId }) => assetId === ask.assetId);
    return [[ask.orderId, rebased(wish, { sold: sold.get(ask.orderId) ?? [], splits: mine })]];
  });
  return new Map(wishes);
}

const answer = (ask: Ask, { state }: Reservation, cause: Cause): Fact =>
  state === 'RESERVED'
    ? positionReserved(ask, cause)
    : positionRefused(ask, 'INSUFFICIENT_POSITION', cause);

async function forbiddenAccounts(tx: Tx, asks: readonly Ask[]): Promise<ReadonlySet<string>> {
  const accounts = await findAccounts(tx, [...new Set(asks.map(({ accountId }) => accountId))]);
  return new Set(accounts.flatMap((account) => (account && !maySell(account) ? [account.id] : [])));
}

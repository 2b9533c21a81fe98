import { tradeDateOf } from '@simplebank/kernel/calendar';
import { sum } from '@simplebank/kernel/decimal';
import {
  answersOf,
  type Fill,
  fillsOf,
  type LockedOrder,
  lockOrders,
  type SavedRebase,
  saveRebases,
} from '../data/rebases.ts';
import type { Deps } from '../deps.ts';
import { type Rebase, type ReplaceAnswer, rebased } from '../domain/rebase.ts';

/**
 * Puts orders on the basis of a split, once per (order, action): a repeat gets the first answer. An
 * order that has ended, or of which nothing lawful is left, is answered so. An unknown id and a
 * second action for an order in one call get no answer: they are asked again.
 */
export async function replaceOrders(
  { transact, clock }: Deps,
  rebases: readonly Rebase[],
): Promise<readonly ReplaceAnswer[]> {
  const at = clock.now();
  const byOrder = new Map(rebases.map((rebase) => [rebase.clientId, rebase]));
  const ids = [...byOrder.keys()];
  return transact(async (tx) => {
    const orders = await lockOrders(tx, ids);
    const fills = await fillsOf(tx, ids);
    const before = await answersOf(tx, ids);
    const isAnswered = ({ clientId, actionId }: Rebase) =>
      before.some((answer) => answer.clientId === clientId && answer.actionId === actionId);
    const fresh = [...byOrder.values()].flatMap((rebase) => {
      const order = orders.get(rebase.clientId);
      return order && !isAnswered(rebase) ? [decided(order, rebase, fills)] : [];
    });
    if (fresh.length > 0) await saveRebases(tx, fresh, at);
    const repeated = before.filter(
      ({ clientId, actionId }) => byOrder.get(clientId)?.actionId === actionId,
    );
    return [...repeated, ...fresh.map(answerOf)];
  });
}

function decided(order: LockedOrder, rebase: Rebase, fills: readonly Fill[]): SavedRebase {
  const { clientId, actionId, exDate, limitPrice, stopPrice } = rebase;
  const since = fills.filter(
    (fill) => fill.clientId === clientId && tradeDateOf(fill.at) >= exDate,
  );
  const tradedSince = sum(since.map(({ quantity }) => quantity));
  const answer = order.isWorking
    ? rebased(order, tradedSince, rebase)
    : ({ kind: 'ENDED' } as const);
  const quantity = answer.kind === 'REPLACED' ? answer.quantity : null;
  return { ...{ clientId, actionId, limitPrice, stopPrice }, outcome: answer.kind, quantity };
}

const answerOf = ({ clientId, actionId, outcome, quantity }: SavedRebase): ReplaceAnswer =>
  outcome === 'REPLACED'
    ? { clientId, actionId, kind: outcome, quantity }
    : { clientId, actionId, kind: outcome };

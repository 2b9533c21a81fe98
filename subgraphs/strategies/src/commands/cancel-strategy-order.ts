import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { lockOrders } from '../data/strategy-orders.ts';
import type { Deps } from '../deps.ts';
import type { StrategyOrder } from '../domain/strategy-order.ts';
import { recordOrder } from './record-order.ts';

/** Possible while it waits for its payment; a second cancel answers the first. */
export function cancelStrategyOrder(
  deps: Deps,
  id: string,
  cause: Cause,
): Promise<Result<StrategyOrder, 'NOT_CANCELABLE'>> {
  return deps.transact(async (tx) => {
    const [before] = await lockOrders(tx, [id]);
    if (!before) throw new Error(`strategy order ${id} has gone`);
    if (before.status === 'CANCELED') return ok(before);
    if (before.status !== 'WAITING_FOR_PAYMENT') return refuse('NOT_CANCELABLE');
    const after = { ...before, status: 'CANCELED' } as const;
    return ok(await recordOrder(tx, deps, { before, after, cause }));
  });
}

import type { DueOrder } from '../data/due-orders.ts';
import type { Deps, Transaction } from '../deps.ts';
import { tellOrders } from './advance-orders.ts';

export type Due = {
  readonly due: readonly DueOrder[];
  readonly event: 'MARKET_OPENED' | 'TIME_ENDED';
};

/** Tells orders that their time has come; what follows belongs to the story of each order. */
export async function tellDue(tx: Transaction, deps: Deps, { due, event }: Due): Promise<void> {
  if (due.length === 0) return;
  const told = due.map(({ id, correlationId, traceparent }) => ({
    orderId: id,
    message: { event },
    cause: { correlationId, causationId: null, traceparent },
  }));
  await tellOrders(tx, deps, told);
}

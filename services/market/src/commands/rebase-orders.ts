import type { Tx } from '../data/client.ts';
import { insertRebases, type NewRebase, settleHere } from '../data/rebases.ts';
import { lockArrivals, lockOrders } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';

/**
 * Writes what a split asks of orders. One that is not sent yet gets the new terms at once, one at
 * the venue is replaced there, and one that is not known yet is looked at when it comes.
 */
export async function rebaseOrders(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  rebases: readonly NewRebase[],
): Promise<void> {
  const ids = [...new Set(rebases.map(({ orderId }) => orderId))];
  await lockArrivals(tx, ids);
  await insertRebases(tx, rebases);
  await lockOrders(tx, ids);
  await settleHere(tx, ids, clock.now());
}

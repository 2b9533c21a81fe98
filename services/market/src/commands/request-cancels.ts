import type { Tx } from '../data/client.ts';
import { lockArrivals, lockOrders, rememberCancels } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import { recordHappenings } from './record-news.ts';

/**
 * An order that is not sent ends at once, one at the venue is canceled there, and a request for an
 * order that is not known yet is remembered until it comes.
 */
export async function requestCancels(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  orderIds: readonly string[],
): Promise<void> {
  await lockArrivals(tx, orderIds);
  const known = await lockOrders(tx, orderIds);
  const early = orderIds.filter((orderId) => !known.has(orderId));
  if (early.length > 0) await rememberCancels(tx, early);
  const happenings = [...known.values()].map((order) => ({
    known: order,
    list: [{ kind: 'CANCEL_ASKED' } as const],
  }));
  await recordHappenings(tx, deps, happenings);
}

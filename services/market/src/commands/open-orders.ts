import type { Tx } from '../data/client.ts';
import { settleHere } from '../data/rebases.ts';
import {
  insertOrders,
  lockArrivals,
  lockOrders,
  type NewOrder,
  rememberedCancels,
} from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import { recordHappenings } from './record-news.ts';

/** Writes the intents. An order whose cancel came first is never sent: it ends as canceled. */
export async function openOrders(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  orders: readonly NewOrder[],
): Promise<void> {
  const ids = orders.map(({ orderId }) => orderId);
  await lockArrivals(tx, ids);
  await insertOrders(tx, orders);
  await settleHere(tx, ids, deps.clock.now());
  const canceled = await rememberedCancels(tx, ids);
  if (canceled.size === 0) return;
  const known = await lockOrders(tx, [...canceled]);
  const happenings = [...known.values()].map((order) => ({
    known: order,
    list: [{ kind: 'CANCEL_ASKED' } as const],
  }));
  await recordHappenings(tx, deps, happenings);
}

import type { OrderId } from '@simplebank/kernel/ids';
import { findActions } from '../actions/data/actions.ts';
import { isSplit } from '../actions/domain/action.ts';
import { rebased } from '../actions/domain/rebased-reservation.ts';
import { soldByDay } from '../data/executions.ts';
import type { Tx } from '../deps.ts';
import type { Reservation } from '../domain/reservation.ts';

/** Changes the map: puts these reservations on the basis that splits of their time have made. */
export async function rebase(
  tx: Tx,
  reservations: Map<OrderId, Reservation>,
  orderIds: readonly OrderId[],
): Promise<void> {
  const touched = orderIds.flatMap((orderId) => reservations.get(orderId) ?? []);
  if (touched.length === 0) return;
  const splits = (
    await findActions(
      tx,
      touched.map(({ assetId }) => assetId),
    )
  ).filter(isSplit);
  const concerned = touched.filter(({ assetId, askedOn }) =>
    splits.some((split) => split.assetId === assetId && askedOn < split.exDate),
  );
  if (concerned.length === 0) return;
  const sold = await soldByDay(
    tx,
    concerned.map(({ orderId }) => orderId),
  );
  for (const reservation of concerned) {
    const { orderId, assetId } = reservation;
    const mine = splits.filter((split) => split.assetId === assetId);
    const facts = { sold: sold.get(orderId) ?? [], splits: mine };
    reservations.set(orderId, rebased(reservation, facts));
  }
}

import type { Cause } from '@simplebank/contracts/event';
import type { Tx } from '../data/client.ts';
import { lockPayment, savePayments } from '../data/copies.ts';
import { lockOrders, waitingFor } from '../data/strategy-orders.ts';
import type { Deps } from '../deps.ts';
import type { PaymentCopy } from '../domain/copies.ts';
import { placeNow, recordOrder } from './record-order.ts';

export type PaymentNews = { readonly payment: PaymentCopy; readonly cause: Cause };

/** Keeps the payments; investments that waited for one of them are placed or have failed. */
export async function followPayments(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  news: readonly PaymentNews[],
): Promise<void> {
  await savePayments(
    tx,
    news.map(({ payment }) => payment),
  );
  const causes = new Map(news.map(({ payment, cause }) => [payment.id, cause]));
  const waiting = await lockOrders(tx, await waitingFor(tx, [...causes.keys()]));
  for (const before of waiting) {
    if (before.status !== 'WAITING_FOR_PAYMENT' || before.paymentId === null) continue;
    const cause = causes.get(before.paymentId);
    // The copy, not the event: another event may have told more.
    const payment = await lockPayment(tx, before.paymentId);
    if (!cause || !payment || payment.status === 'CREATED') continue;
    if (payment.status === 'COMPLETED') await placeNow(tx, deps, { before, cause });
    else await recordOrder(tx, deps, { before, after: { ...before, status: 'FAILED' }, cause });
  }
}

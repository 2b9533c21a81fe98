import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import { lockPayment, savePayments } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import { arrivedInTime, type PaymentCopy } from '../../domain/copies.ts';
import { lockOrders, waitingFor } from '../data/strategy-orders.ts';
import { placeNow, recordOrder } from './record-order.ts';

export type PaymentNews = { readonly payment: PaymentCopy; readonly story: Story };

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
  const stories = new Map(news.map(({ payment, story }) => [payment.id, story]));
  const waiting = await lockOrders(tx, await waitingFor(tx, [...stories.keys()]));
  for (const before of waiting) {
    if (before.status !== 'WAITING_FOR_PAYMENT' || before.paymentId === null) continue;
    const story = stories.get(before.paymentId);
    // The copy, not the event: another event may have told more.
    const payment = await lockPayment(tx, before.paymentId);
    if (!story || !payment || payment.status === 'CREATED') continue;
    const move = { before, command: 'followPayment', story };
    if (arrivedInTime(payment)) await placeNow(tx, deps, move);
    else await recordOrder(tx, deps, { ...move, after: { ...before, status: 'FAILED' } });
  }
}

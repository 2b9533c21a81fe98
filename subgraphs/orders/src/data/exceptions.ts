import type { Misfit } from '../domain/advance.ts';
import type { Transaction } from './client.ts';

export type OrderException = Misfit & { readonly id: string; readonly recordedAt: Date };

/** Keeps what no transition fits, once per cause; no order changes. */
export async function recordExceptions(
  tx: Transaction,
  exceptions: readonly OrderException[],
): Promise<void> {
  if (exceptions.length === 0) return;
  const data = exceptions.map(({ id, order, message, reason, causeId, recordedAt }) => ({
    id,
    orderId: order.id,
    reason,
    status: order.status,
    event: message.event,
    // JSON text and back, so that decimals and instants are plain strings.
    detail: JSON.parse(JSON.stringify(message)),
    causeId,
    recordedAt,
  }));
  await tx.orderException.createMany({ data, skipDuplicates: true });
}

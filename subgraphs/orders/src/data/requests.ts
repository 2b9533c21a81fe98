import type { Transaction } from './client.ts';

/** A command about an existing order, as its idempotency key remembers it. */
export type OrderRequest = {
  readonly customerId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly orderId: string;
  readonly recordedAt: Date;
};

export const findRequest = (
  tx: Transaction,
  customerId: string,
  idempotencyKey: string,
): Promise<OrderRequest | null> =>
  tx.orderRequest.findUnique({
    where: { customerId_idempotencyKey: { customerId, idempotencyKey } },
  });

/** False when another command took the key at the same time. */
export async function keepRequest(tx: Transaction, request: OrderRequest): Promise<boolean> {
  const { count } = await tx.orderRequest.createMany({ data: [request], skipDuplicates: true });
  return count === 1;
}

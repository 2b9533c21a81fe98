import type { Transaction } from './client.ts';

/** A command other than placing an order, as its idempotency key remembers it. */
export type OrderRequest = {
  readonly customerId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  /** Null for a command about an account. */
  readonly orderId: string | null;
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

/** False when another command, a placement among them, has taken the key (a trigger looks). */
export async function keepRequest(tx: Transaction, request: OrderRequest): Promise<boolean> {
  const { count } = await tx.orderRequest.createMany({ data: [request], skipDuplicates: true });
  return count === 1;
}

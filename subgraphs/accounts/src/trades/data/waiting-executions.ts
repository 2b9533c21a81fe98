import type { Tx } from '../../data/client.ts';

export type Waiting = {
  readonly orderId: string;
  readonly executionId: string;
  readonly body: string;
  readonly receivedAt: Date;
};

/** Keeps executions whose order has not come; one that waits already is left out. */
export async function keepWaiting(tx: Tx, waiting: readonly Waiting[]): Promise<void> {
  if (waiting.length === 0) return;
  await tx.waitingExecution.createMany({ data: [...waiting], skipDuplicates: true });
}

/** Takes out what waits for these orders, which have come. */
export async function takeWaiting(tx: Tx, orderIds: readonly string[]): Promise<string[]> {
  if (orderIds.length === 0) return [];
  const rows = await tx.$queryRaw<{ body: string }[]>`/* trades.take-waiting */
    DELETE FROM waiting_execution WHERE order_id = ANY(${[...orderIds]}::uuid[]) RETURNING body`;
  return rows.map(({ body }) => body);
}

import type { Transaction } from './client.ts';

/** An order process past the deadline of its step. */
export type StuckProcess = {
  readonly process: 'order';
  readonly id: string;
  readonly step: string;
  readonly status: string;
  readonly deadline: Date;
  readonly attempts: number;
  readonly requestId: string;
};

const stuckMax = 1_000;

/** The longest overdue first. */
export const readStuck = (tx: Transaction, now: Date): PromiseLike<StuckProcess[]> =>
  tx.$queryRaw<StuckProcess[]>`
    /* orders.stuck */
    SELECT 'order' AS process, p.order_id::text AS id, p.step, o.status, p.deadline, p.attempts,
      p.correlation_id AS "requestId"
    FROM order_process p JOIN "order" o ON o.id = p.order_id
    WHERE p.deadline < ${now} ORDER BY p.deadline, p.order_id LIMIT ${stuckMax}::int`;

/** Gives a stuck process time and counts the attempt; null when it is not stuck. */
export async function renewProcess(
  tx: Transaction,
  { id, now, until }: { readonly id: string; readonly now: Date; readonly until: Date },
): Promise<{ readonly step: string; readonly attempts: number } | null> {
  const [row] = await tx.$queryRaw<{ step: string; attempts: number }[]>`
    /* orders.renew-process */
    UPDATE order_process SET deadline = ${until}, attempts = attempts + 1
    WHERE order_id = ${id}::uuid AND deadline < ${now} RETURNING step, attempts`;
  return row ?? null;
}

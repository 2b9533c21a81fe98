import { Prisma, type Transaction } from './client.ts';

/** No order goes to the market on the basis of before a split. */
const isOnBasis = Prisma.sql`NOT EXISTS (SELECT FROM split s
    WHERE s.done_at IS NULL AND s.asset_id = o.asset_id AND o.created_at < s.basis_at
      AND NOT EXISTS (SELECT FROM order_event e
        WHERE e.order_id = o.id AND e.action_id = s.action_id))`;

/** An order that a job moves on, with the story it belongs to. */
export type DueOrder = {
  readonly id: string;
  readonly correlationId: string;
  readonly traceparent: string | null;
};

/** Whether `lockAccepted` has a reason to be called: a look costs no transaction. */
export async function isAnyAccepted(db: Transaction, now: Date): Promise<boolean> {
  const [row] = await db.$queryRaw<{ due: boolean }[]>`
    /* orders.is-any-accepted */ SELECT EXISTS (SELECT FROM "order"
      WHERE status = 'ACCEPTED' AND expires_at > ${now}::timestamptz) AS due`;
  return row?.due ?? false;
}

/** Whether `lockExpired` has a reason to be called. */
export async function isAnyExpired(db: Transaction, now: Date): Promise<boolean> {
  const [row] = await db.$queryRaw<{ due: boolean }[]>`
    /* orders.is-any-expired */ SELECT EXISTS (SELECT FROM "order"
      WHERE status IN ('RESERVING', 'ACCEPTED') AND expires_at <= ${now}::timestamptz) AS due`;
  return row?.due ?? false;
}

/** Orders that wait for the market and may still go there. Rows held by others are left to them. */
export async function lockAccepted(tx: Transaction, now: Date, max: number): Promise<DueOrder[]> {
  return tx.$queryRaw<DueOrder[]>`
    /* orders.accepted */ SELECT o.id, p.correlation_id AS "correlationId",
      p.traceparent
    FROM "order" o JOIN order_process p ON p.order_id = o.id
    WHERE o.status = 'ACCEPTED' AND o.expires_at > ${now}::timestamptz AND ${isOnBasis}
    ORDER BY o.id LIMIT ${max} FOR UPDATE OF o SKIP LOCKED`;
}

/** Orders that never reached the market and whose time in force has ended. */
export async function lockExpired(tx: Transaction, now: Date, max: number): Promise<DueOrder[]> {
  return tx.$queryRaw<DueOrder[]>`
    /* orders.expired */ SELECT o.id, p.correlation_id AS "correlationId",
      p.traceparent
    FROM "order" o JOIN order_process p ON p.order_id = o.id
    WHERE o.status IN ('RESERVING', 'ACCEPTED') AND o.expires_at <= ${now}::timestamptz
    ORDER BY o.id LIMIT ${max} FOR UPDATE OF o SKIP LOCKED`;
}

import { Decimal } from '@simplebank/kernel/decimal';
import type { BookOrder } from '../domain/order.ts';
import type { ReplaceAnswer } from '../domain/rebase.ts';
import type { Tx } from './client.ts';

export type LockedOrder = Pick<
  BookOrder,
  'clientId' | 'quantity' | 'filledQuantity' | 'timeInForce'
> & {
  readonly isWorking: boolean;
};

/** Locks the orders in key order, so that none trades meanwhile; unknown ids are left out. */
export async function lockOrders(
  tx: Tx,
  clientIds: readonly string[],
): Promise<ReadonlyMap<string, LockedOrder>> {
  type Row = {
    readonly clientId: string;
    readonly quantity: string | null;
    readonly filledQuantity: string;
    readonly timeInForce: LockedOrder['timeInForce'];
    readonly isWorking: boolean;
  };
  const rows = await tx.$queryRaw<Row[]>`
    /* venue.lock-orders */
    SELECT client_id::text AS "clientId", quantity::text,
      filled_quantity::text AS "filledQuantity", time_in_force AS "timeInForce",
      status = 'WORKING' AS "isWorking"
    FROM book_order WHERE client_id = ANY(${[...clientIds]}::uuid[])
    ORDER BY client_id FOR UPDATE`;
  return new Map(
    rows.map(({ clientId, quantity, filledQuantity, timeInForce, isWorking }) => [
      clientId,
      {
        ...{ clientId, timeInForce, isWorking, filledQuantity: new Decimal(filledQuantity) },
        quantity: quantity === null ? null : new Decimal(quantity),
      },
    ]),
  );
}

export type Fill = { readonly clientId: string; readonly quantity: Decimal; readonly at: Date };

/** What these orders traded; a report that was repeated counts once. */
export async function fillsOf(tx: Tx, clientIds: readonly string[]): Promise<readonly Fill[]> {
  const rows = await tx.$queryRaw<{ clientId: string; quantity: string; at: Date }[]>`
    /* venue.fills-of */
    SELECT DISTINCT ON (execution_id) client_id::text AS "clientId", quantity::text, at
    FROM book_report
    WHERE client_id = ANY(${[...clientIds]}::uuid[]) AND kind = 'EXECUTED'
    ORDER BY execution_id, sequence`;
  return rows.map(({ quantity, ...fill }) => ({ ...fill, quantity: new Decimal(quantity) }));
}

/** The answers that were given before to these orders. */
export async function answersOf(
  tx: Tx,
  clientIds: readonly string[],
): Promise<readonly ReplaceAnswer[]> {
  const rows = await tx.bookRebase.findMany({ where: { clientId: { in: [...clientIds] } } });
  return rows.map(({ clientId, actionId, outcome, quantity }) =>
    outcome === 'REPLACED'
      ? {
          ...{ clientId, actionId, kind: outcome },
          quantity: quantity && new Decimal(quantity.toFixed()),
        }
      : { clientId, actionId, kind: 'ENDED' },
  );
}

export type SavedRebase = {
  readonly clientId: string;
  readonly actionId: string;
  readonly outcome: ReplaceAnswer['kind'];
  readonly quantity: Decimal | null;
  readonly limitPrice: Decimal;
  readonly stopPrice: Decimal | null;
};

/** An order of which nothing lawful is left is canceled before its next trade. */
export async function saveRebases(
  tx: Tx,
  rebases: readonly SavedRebase[],
  at: Date,
): Promise<void> {
  await tx.$executeRaw`
    /* venue.save-rebases */
    WITH input AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rebases)}::jsonb) AS input
        ("clientId" uuid, "actionId" uuid, outcome text, quantity numeric, "limitPrice" numeric,
        "stopPrice" numeric)
    ), noted AS (
      INSERT INTO book_rebase (client_id, action_id, quantity, outcome, at)
      SELECT "clientId", "actionId", quantity, outcome, ${at}::timestamptz FROM input ORDER BY 1, 2
    )
    UPDATE book_order SET next_at = ${at}::timestamptz,
      cancel_asked = cancel_asked OR outcome = 'ENDED',
      quantity = CASE WHEN outcome = 'ENDED' THEN book_order.quantity ELSE input.quantity END,
      limit_price = CASE WHEN outcome = 'ENDED' THEN limit_price ELSE "limitPrice" END,
      stop_price = CASE WHEN outcome = 'ENDED' THEN stop_price ELSE "stopPrice" END
    FROM input WHERE client_id = "clientId" AND status = 'WORKING'`;
}

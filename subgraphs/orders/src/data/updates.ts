import { isCurrency } from '@simplebank/kernel/money';
import type { EntryOf } from '../domain/history.ts';
import type { UpdatePlace } from '../domain/update.ts';
import type { Transaction } from './client.ts';
import { type EntryRow, toEntry } from './entry-rows.ts';
import { eventColumns } from './history.ts';

/** Every transaction below this number has ended: what it recorded is there, or never will be. */
export async function findHorizon(tx: Transaction): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ horizon: bigint }[]>`
    /* orders.updates-horizon */
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon`;
  if (!row) throw new Error('the database told no snapshot');
  return row.horizon;
}

export type UpdatesAsked = {
  readonly accountId: string;
  readonly after: UpdatePlace;
  /** From `findHorizon`, asked before: lines above it may still be joined by earlier ones. */
  readonly horizon: bigint;
  readonly max: number;
};
export type Update = EntryOf & { readonly place: UpdatePlace };

/** Lines of the account's orders after a place, in the order in which they are told. */
export async function findUpdates(tx: Transaction, asked: UpdatesAsked): Promise<Update[]> {
  const { accountId, after, horizon, max } = asked;
  const rows = await tx.$queryRaw<UpdateRow[]>`
    /* orders.updates-since */
    SELECT ${eventColumns}, e.recorded_in AS "recordedIn", o.currency
    FROM order_event e JOIN "order" o ON o.id = e.order_id
    WHERE e.account_id = ${accountId}::uuid AND e.recorded_in < ${horizon}
      AND (e.recorded_in, e.order_id, e.sequence)
        > (${after.recordedIn}, ${after.orderId}::uuid, ${after.sequence}::int)
    ORDER BY e.recorded_in, e.order_id, e.sequence LIMIT ${max}`;
  return rows.map(toUpdate);
}

type UpdateRow = EntryRow & { readonly recordedIn: bigint; readonly currency: string };

function toUpdate(row: UpdateRow): Update {
  const { orderId, sequence, recordedIn, currency } = row;
  if (!isCurrency(currency)) throw new Error(`order ${orderId} is in ${currency}`);
  return { entry: toEntry(row, currency), currency, place: { recordedIn, orderId, sequence } };
}

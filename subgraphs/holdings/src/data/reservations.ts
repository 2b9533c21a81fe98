import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import type { PositionKey } from '../domain/position.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Tx } from './client.ts';

type Row = {
  orderId: string;
  accountId: string;
  assetId: string;
  quantity: string;
  consumed: string;
  released: string;
  state: string;
  awaited: number | null;
  asked: string;
  askedOn: string;
  endedOn: string | null;
};

/** Locks what there is of these orders, in order of their ids. */
export async function lockReservations(
  tx: Tx,
  orderIds: readonly OrderId[],
): Promise<Map<OrderId, Reservation>> {
  if (orderIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<Row[]>`
    /* reservations.lock */
    SELECT order_id AS "orderId", account_id AS "accountId", asset_id AS "assetId", quantity::text,
           consumed::text, released::text, state, awaited, coalesce(asked, quantity)::text AS asked,
           asked_on::text AS "askedOn", ended_on::text AS "endedOn"
    FROM reservation WHERE order_id = ANY(${[...orderIds]}::uuid[])
    ORDER BY order_id
    FOR UPDATE`;
  return new Map(rows.map((row) => [row.orderId as OrderId, toReservation(row)]));
}

/** Locks every reservation of these positions: a split may change ended ones, too. */
export async function lockReservationsOf(
  tx: Tx,
  keys: readonly PositionKey[],
): Promise<Map<OrderId, Reservation>> {
  const rows = await tx.$queryRaw<Row[]>`
    /* reservations.lock-of-positions */
    SELECT order_id AS "orderId", account_id AS "accountId", asset_id AS "assetId", quantity::text,
           consumed::text, released::text, state, awaited, coalesce(asked, quantity)::text AS asked,
           asked_on::text AS "askedOn", ended_on::text AS "endedOn"
    FROM reservation
    WHERE (account_id, asset_id) IN (SELECT * FROM unnest(
      ${keys.map(({ accountId }) => accountId)}::uuid[],
      ${keys.map(({ assetId }) => assetId)}::uuid[]))
    ORDER BY order_id
    FOR UPDATE`;
  return new Map(rows.map((row) => [row.orderId as OrderId, toReservation(row)]));
}

/** Inserts new ones and overwrites known ones, which are locked already; one statement for all. */
export async function saveReservations(
  tx: Tx,
  reservations: readonly Reservation[],
  at: Date,
): Promise<void> {
  if (reservations.length === 0) return;
  const column = <K extends keyof Reservation>(name: K) => reservations.map((row) => row[name]);
  const amounts = (name: 'quantity' | 'consumed' | 'released' | 'asked') =>
    reservations.map((row) => row[name].toFixed());
  await tx.$executeRaw`
    /* reservations.save */
    INSERT INTO reservation (order_id, account_id, asset_id, quantity, consumed, released, state,
                             awaited, asked, asked_on, ended_on, updated_at)
    SELECT given.*, ${at.toISOString()}::timestamptz FROM unnest(
      ${column('orderId')}::uuid[], ${column('accountId')}::uuid[], ${column('assetId')}::uuid[],
      ${amounts('quantity')}::numeric[], ${amounts('consumed')}::numeric[],
      ${amounts('released')}::numeric[], ${column('state')}::text[], ${column('awaited')}::int[],
      ${amounts('asked')}::numeric[], ${column('askedOn')}::date[], ${column('endedOn')}::date[])
      AS given
    ON CONFLICT (order_id) DO UPDATE SET
      quantity = excluded.quantity, consumed = excluded.consumed, released = excluded.released,
      state = excluded.state, awaited = excluded.awaited, asked = excluded.asked,
      asked_on = excluded.asked_on, ended_on = excluded.ended_on, updated_at = excluded.updated_at`;
}

const toReservation = (row: Row): Reservation => ({
  orderId: row.orderId as OrderId,
  accountId: row.accountId as AccountId,
  assetId: row.assetId as AssetId,
  quantity: new Decimal(row.quantity),
  consumed: new Decimal(row.consumed),
  released: new Decimal(row.released),
  state: row.state as Reservation['state'],
  awaited: row.awaited,
  asked: new Decimal(row.asked),
  askedOn: row.askedOn,
  endedOn: row.endedOn,
});

import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import type { Lot } from '../domain/lot.ts';
import type { PositionKey } from '../domain/position.ts';
import type { Tx } from './client.ts';

/** How much of a position is about to be sold or matched anew. */
export type Need = PositionKey & { readonly quantity: Decimal };

type Row = {
  id: string;
  accountId: string;
  assetId: string;
  orderId: string;
  executionId: string;
  currency: string;
  at: Date;
  acquiredOn: string;
  quantity: string;
  cost: string;
  fee: string;
  remaining: string;
  remainingCost: string;
  remainingFee: string;
  splitChange: string;
};

/**
 * The oldest open lots that cover each need, and the lots named. Their positions are locked, which
 * locks them too. A busy position has thousands of open lots, a sale takes a few of them.
 */
export async function findLots(
  tx: Tx,
  needs: readonly Need[],
  lotIds: readonly string[],
): Promise<Lot[]> {
  const rows = await tx.$queryRaw<Row[]>`
    /* lots.find */
    SELECT lot.id, lot.account_id AS "accountId", lot.asset_id AS "assetId",
           lot.order_id AS "orderId", lot.execution_id AS "executionId", execution.currency,
           lot.acquired_at AS at, lot.acquired_on::text AS "acquiredOn", lot.quantity::text,
           lot.cost::text, lot.fee::text, lot.remaining::text,
           lot.remaining_cost::text AS "remainingCost", lot.remaining_fee::text AS "remainingFee",
           lot.split_change::text AS "splitChange"
    FROM lot
    JOIN execution ON execution.order_id = lot.order_id
                  AND execution.execution_id = lot.execution_id
    WHERE lot.id = ANY(${[...lotIds]}::uuid[]) OR lot.id IN (
      SELECT id FROM (
        SELECT open.id, need.quantity,
               sum(open.remaining) OVER (
                 PARTITION BY open.account_id, open.asset_id
                 ORDER BY open.acquired_at, open.execution_id COLLATE "C") - open.remaining AS older
        FROM unnest(${needs.map(({ accountId }) => accountId)}::uuid[],
                    ${needs.map(({ assetId }) => assetId)}::uuid[],
                    ${needs.map(({ quantity }) => quantity.toFixed())}::numeric[])
          AS need (account_id, asset_id, quantity)
        JOIN lot AS open USING (account_id, asset_id)
        WHERE open.remaining > 0
      ) AS ranked
      WHERE older < quantity)`;
  return rows.map(toLot);
}

/** Every lot of these positions, sold ones too. */
export async function findAllLots(tx: Tx, keys: readonly PositionKey[]): Promise<Lot[]> {
  const rows = await tx.$queryRaw<Row[]>`
    /* lots.find-all */
    SELECT lot.id, lot.account_id AS "accountId", lot.asset_id AS "assetId",
           lot.order_id AS "orderId", lot.execution_id AS "executionId", execution.currency,
           lot.acquired_at AS at, lot.acquired_on::text AS "acquiredOn", lot.quantity::text,
           lot.cost::text, lot.fee::text, lot.remaining::text,
           lot.remaining_cost::text AS "remainingCost", lot.remaining_fee::text AS "remainingFee",
           lot.split_change::text AS "splitChange"
    FROM unnest(${keys.map(({ accountId }) => accountId)}::uuid[],
                ${keys.map(({ assetId }) => assetId)}::uuid[]) AS key (account_id, asset_id)
    JOIN lot USING (account_id, asset_id)
    JOIN execution ON execution.order_id = lot.order_id
                  AND execution.execution_id = lot.execution_id`;
  return rows.map(toLot);
}

/** Inserts new lots and overwrites what is left of known ones; one statement for all. */
export async function saveLots(tx: Tx, lots: readonly Lot[]): Promise<void> {
  if (lots.length === 0) return;
  const column = <K extends keyof Lot>(name: K) => lots.map((lot) => lot[name]);
  type Amount =
    | 'quantity'
    | 'cost'
    | 'fee'
    | 'remaining'
    | 'remainingCost'
    | 'remainingFee'
    | 'splitChange';
  const amounts = (name: Amount) => lots.map((lot) => lot[name].toFixed());
  await tx.$executeRaw`
    /* lots.save */
    INSERT INTO lot (id, account_id, asset_id, order_id, execution_id, acquired_at, acquired_on,
                     quantity, cost, fee, remaining, remaining_cost, remaining_fee, split_change)
    SELECT * FROM unnest(
      ${column('id')}::uuid[], ${column('accountId')}::uuid[], ${column('assetId')}::uuid[],
      ${column('orderId')}::uuid[], ${column('executionId')}::text[],
      ${lots.map(({ at }) => at.toISOString())}::timestamptz[], ${column('acquiredOn')}::date[],
      ${amounts('quantity')}::numeric[], ${amounts('cost')}::numeric[],
      ${amounts('fee')}::numeric[], ${amounts('remaining')}::numeric[],
      ${amounts('remainingCost')}::numeric[], ${amounts('remainingFee')}::numeric[],
      ${amounts('splitChange')}::numeric[])
    ON CONFLICT (id) DO UPDATE SET
      remaining = excluded.remaining, remaining_cost = excluded.remaining_cost,
      remaining_fee = excluded.remaining_fee, split_change = excluded.split_change`;
}

const toLot = (row: Row): Lot => ({
  id: row.id,
  accountId: row.accountId as AccountId,
  assetId: row.assetId as AssetId,
  orderId: row.orderId as OrderId,
  executionId: row.executionId,
  currency: row.currency as Currency,
  at: row.at,
  acquiredOn: row.acquiredOn,
  quantity: new Decimal(row.quantity),
  cost: new Decimal(row.cost),
  fee: new Decimal(row.fee),
  remaining: new Decimal(row.remaining),
  remainingCost: new Decimal(row.remainingCost),
  remainingFee: new Decimal(row.remainingFee),
  splitChange: new Decimal(row.splitChange),
});

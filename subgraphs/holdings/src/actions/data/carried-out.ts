import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import type { PositionKey } from '../../domain/position.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { SplitDone } from '../domain/replay.ts';

type Row = {
  actionId: string;
  accountId: string;
  assetId: string;
  quantity: string;
  quantityAfter: string | null;
  amount: string | null;
  version: number;
};

/** What actions have done to these positions so far. */
export async function findOutcomes(tx: Tx, keys: readonly PositionKey[]): Promise<Outcome[]> {
  const rows = await tx.$queryRaw<Row[]>`
    /* actions.outcomes */
    SELECT action_id::text AS "actionId", account_id::text AS "accountId",
           asset_id::text AS "assetId", quantity::text, quantity_after::text AS "quantityAfter",
           amount::text, version
    FROM unnest(${keys.map(({ accountId }) => accountId)}::uuid[],
                ${keys.map(({ assetId }) => assetId)}::uuid[]) AS key (account_id, asset_id)
    JOIN position_action USING (account_id, asset_id)`;
  return rows.map(({ quantity, quantityAfter, amount, ...row }) => ({
    ...row,
    quantity: new Decimal(quantity),
    quantityAfter: quantityAfter === null ? null : new Decimal(quantityAfter),
    amount: amount === null ? null : new Decimal(amount),
  }));
}

/** Writes each outcome in its version; a trigger refuses any but the next. */
export async function saveOutcomes(tx: Tx, outcomes: readonly Outcome[], at: Date): Promise<void> {
  if (outcomes.length === 0) return;
  const column = <K extends keyof Outcome>(name: K) => outcomes.map((one) => one[name]);
  const amounts = (name: 'quantity' | 'quantityAfter' | 'amount') =>
    outcomes.map((one) => one[name]?.toFixed() ?? null);
  await tx.$executeRaw`
    /* actions.save-outcomes */
    INSERT INTO position_action (action_id, account_id, asset_id, quantity, quantity_after, amount,
                                 version, updated_at)
    SELECT given.*, ${at.toISOString()}::timestamptz FROM unnest(
      ${column('actionId')}::uuid[], ${column('accountId')}::uuid[], ${column('assetId')}::uuid[],
      ${amounts('quantity')}::numeric[], ${amounts('quantityAfter')}::numeric[],
      ${amounts('amount')}::numeric[], ${column('version')}::int[]) AS given
    ON CONFLICT (action_id, account_id) DO UPDATE SET
      quantity = excluded.quantity, quantity_after = excluded.quantity_after,
      amount = excluded.amount, version = excluded.version, updated_at = excluded.updated_at`;
}

/** What splits did to the lots of positions, anew. */
export async function replaceLotSplits(
  tx: Tx,
  lotIds: readonly string[],
  splits: readonly SplitDone[],
): Promise<void> {
  const rows = splits.flatMap(({ split, lots }) =>
    lots.map((change) => ({ ...change, actionId: split.id })),
  );
  await tx.$executeRaw`
    /* actions.drop-lot-splits */
    DELETE FROM lot_split WHERE lot_id = ANY(${[...lotIds]}::uuid[])`;
  if (rows.length === 0) return;
  await tx.$executeRaw`
    /* actions.insert-lot-splits */
    INSERT INTO lot_split (action_id, lot_id, quantity_before, quantity_after)
    SELECT * FROM unnest(
      ${rows.map(({ actionId }) => actionId)}::uuid[], ${rows.map(({ lotId }) => lotId)}::uuid[],
      ${rows.map(({ before }) => before.toFixed())}::numeric[],
      ${rows.map(({ after }) => after.toFixed())}::numeric[])`;
}

import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import { keyOf, type Position, type PositionKey } from '../domain/position.ts';
import type { Tx } from './client.ts';

type Row = {
  accountId: string;
  assetId: string;
  currency: string;
  quantity: string;
  reserved: string;
  cost: string;
  version: number;
};

const columns = (keys: readonly PositionKey[]) => ({
  accounts: keys.map(({ accountId }) => accountId),
  assets: keys.map(({ assetId }) => assetId),
});

/** Makes the rows that are missing, with nothing in them; in key order, as they are locked. */
export async function ensurePositions(
  tx: Tx,
  keys: readonly (PositionKey & { currency: Currency })[],
  at: Date,
): Promise<void> {
  const { accounts, assets } = columns(keys);
  await tx.$executeRaw`
    /* positions.ensure */
    INSERT INTO position (account_id, asset_id, currency, quantity, reserved, cost, version,
                          updated_at)
    SELECT account_id, asset_id, min(currency), 0, 0, 0, 0, ${at.toISOString()}::timestamptz
    FROM unnest(${accounts}::uuid[], ${assets}::uuid[],
                ${keys.map(({ currency }) => currency)}::text[])
      AS key (account_id, asset_id, currency)
    GROUP BY account_id, asset_id
    ORDER BY account_id, asset_id
    ON CONFLICT DO NOTHING`;
}

/** Locks the positions in key order; keys without a position are left out. */
export async function lockPositions(
  tx: Tx,
  keys: readonly PositionKey[],
): Promise<Map<string, Position>> {
  const { accounts, assets } = columns(keys);
  const rows = await tx.$queryRaw<Row[]>`
    /* positions.lock */
    SELECT account_id AS "accountId", asset_id AS "assetId", currency, quantity::text,
           reserved::text, cost::text, version
    FROM position
    WHERE (account_id, asset_id) IN (SELECT * FROM unnest(${accounts}::uuid[], ${assets}::uuid[]))
    ORDER BY account_id, asset_id
    FOR UPDATE`;
  return new Map(
    rows.map((row) => {
      const position = toPosition(row);
      return [keyOf(position), position];
    }),
  );
}

/** One statement for all; the rows are locked already. */
export async function savePositions(
  tx: Tx,
  positions: readonly Position[],
  at: Date,
): Promise<void> {
  if (positions.length === 0) return;
  const { accounts, assets } = columns(positions);
  const amounts = (name: 'quantity' | 'reserved' | 'cost') =>
    positions.map((position) => position[name].toFixed());
  await tx.$executeRaw`
    /* positions.save */
    UPDATE position SET quantity = new.quantity, reserved = new.reserved, cost = new.cost,
                        version = new.version, updated_at = ${at.toISOString()}::timestamptz
    FROM unnest(
      ${accounts}::uuid[], ${assets}::uuid[], ${amounts('quantity')}::numeric[],
      ${amounts('reserved')}::numeric[], ${amounts('cost')}::numeric[],
      ${positions.map(({ version }) => version)}::int[])
      AS new (account_id, asset_id, quantity, reserved, cost, version)
    WHERE position.account_id = new.account_id AND position.asset_id = new.asset_id`;
}

const toPosition = (row: Row): Position => ({
  accountId: row.accountId as AccountId,
  assetId: row.assetId as AssetId,
  currency: row.currency as Currency,
  quantity: new Decimal(row.quantity),
  reserved: new Decimal(row.reserved),
  cost: new Decimal(row.cost),
  version: row.version,
});

import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import { findAssets } from '../../data/copies.ts';
import type { Market } from '../domain/market.ts';
import type { Run } from '../domain/run.ts';

export type PositionCopy = {
  readonly accountId: string;
  readonly assetId: string;
  readonly quantity: Decimal;
  readonly reserved: Decimal;
  readonly version: number;
};
export type PriceCopy = {
  readonly assetId: string;
  readonly last: Decimal;
  readonly sequence: number;
  readonly at: Date;
};

/** Keeps the highest version of each, whatever the order of arrival. */
export async function savePositions(tx: Tx, positions: readonly PositionCopy[]): Promise<void> {
  await tx.$executeRaw`
    /* strategies.save-positions */
    INSERT INTO position (account_id, asset_id, quantity, reserved, version)
    SELECT DISTINCT ON ("accountId", "assetId") "accountId", "assetId", quantity, reserved, version
    FROM jsonb_to_recordset(${JSON.stringify(positions)}::jsonb) AS input ("accountId" uuid,
      "assetId" uuid, quantity numeric, reserved numeric, version int)
    ORDER BY "accountId", "assetId", version DESC
    ON CONFLICT (account_id, asset_id) DO UPDATE SET quantity = excluded.quantity,
      reserved = excluded.reserved, version = excluded.version
    WHERE position.version < excluded.version`;
}

/** Keeps the highest sequence of each, whatever the order of arrival. */
export async function savePrices(tx: Tx, prices: readonly PriceCopy[]): Promise<void> {
  await tx.$executeRaw`
    /* strategies.save-prices */
    INSERT INTO price (asset_id, last, sequence, at)
    SELECT DISTINCT ON ("assetId") "assetId", last, sequence, at
    FROM jsonb_to_recordset(${JSON.stringify(prices)}::jsonb) AS input ("assetId" uuid,
      last numeric, sequence bigint, at timestamptz)
    ORDER BY "assetId", sequence DESC
    ON CONFLICT (asset_id) DO UPDATE SET last = excluded.last, sequence = excluded.sequence,
      at = excluded.at
    WHERE price.sequence < excluded.sequence`;
}

type Asked = Pick<Run, 'accountId' | 'strategyId' | 'strategyVersion'>;

/** What is known of the account's positions, of the assets that count, and of their prices. */
export async function readMarket(
  tx: Tx,
  { accountId, strategyId, strategyVersion: version }: Asked,
): Promise<Omit<Market, 'now' | 'hours'>> {
  const slices = await tx.strategySlice.findMany({
    where: { strategyId, version },
    orderBy: { position: 'asc' },
  });
  const positions = await tx.position.findMany({
    where: { accountId, quantity: { gt: 0 } },
    orderBy: { assetId: 'asc' },
  });
  const ids = [...new Set([...slices, ...positions].flatMap(({ assetId }) => assetId ?? []))];
  const prices = await tx.price.findMany({ where: { assetId: { in: ids } } });
  return {
    slices: slices.map(({ assetId, percentage }) => {
      return { assetId, percentage: new Decimal(percentage.toFixed()) };
    }),
    positions: positions.map(({ assetId, quantity, reserved }) => {
      return { assetId, quantity: new Decimal(quantity.minus(reserved).toFixed()) };
    }),
    assets: await findAssets(tx, ids),
    prices: new Map(
      prices.map(({ assetId, last, at }) => [assetId, { last: new Decimal(last.toFixed()), at }]),
    ),
  };
}

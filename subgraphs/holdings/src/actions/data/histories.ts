import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import type { PositionKey } from '../../domain/position.ts';
import type { Trade } from '../domain/replay.ts';

type Row = {
  side: 'BUY' | 'SELL';
  accountId: string;
  assetId: string;
  orderId: string;
  executionId: string;
  at: Date;
  tradeDate: string;
  currency: string;
  quantity: string;
  value: string;
  fee: string;
  missing: boolean;
};

/** `missing`: a part of it was booked as missing shares and is not in its quantity. */
export type KeptTrade = Trade & { readonly missing: boolean };

/** All that was ever executed for these positions, without the shares that were missing. */
export async function findTrades(tx: Tx, keys: readonly PositionKey[]): Promise<KeptTrade[]> {
  const rows = await tx.$queryRaw<Row[]>`
    /* actions.trades */
    SELECT e.side, e.account_id::text AS "accountId", e.asset_id::text AS "assetId",
           e.order_id::text AS "orderId", e.execution_id AS "executionId", e.executed_at AS at,
           e.trade_date::text AS "tradeDate", e.currency,
           (e.quantity - coalesce(m.quantity, 0))::text AS quantity,
           (e.value - coalesce(m.value, 0))::text AS value,
           (e.fee - coalesce(m.fee, 0))::text AS fee, m.order_id IS NOT NULL AS missing
    FROM unnest(${keys.map(({ accountId }) => accountId)}::uuid[],
                ${keys.map(({ assetId }) => assetId)}::uuid[]) AS key (account_id, asset_id)
    JOIN execution AS e USING (account_id, asset_id)
    LEFT JOIN missing_shares AS m USING (order_id, execution_id)
    WHERE m.quantity IS NULL OR m.quantity < e.quantity`;
  return rows.map(toTrade);
}

const toTrade = (row: Row): KeptTrade => ({
  side: row.side,
  accountId: row.accountId as AccountId,
  assetId: row.assetId as AssetId,
  orderId: row.orderId as OrderId,
  executionId: row.executionId,
  at: row.at,
  tradeDate: row.tradeDate,
  currency: row.currency as Currency,
  quantity: new Decimal(row.quantity),
  value: new Decimal(row.value),
  fee: new Decimal(row.fee),
  missing: row.missing,
});

import type { Asset } from '../domain/asset.ts';
import type { Quote } from '../domain/prices.ts';
import type { Transaction } from './client.ts';
import { type QuoteRow, toQuote } from './copies.ts';

/** An asset is named by its UUID or by its symbol. */
type AssetName = { readonly id: string } | { readonly symbol: string };

export type Wanted = {
  readonly asset: AssetName;
  readonly customerId: string;
  readonly idempotencyKey: string;
};

/** What must be known before an order is placed, the account apart. */
export type Known = {
  readonly asset: Asset | null;
  readonly quote: Quote | null;
  /** The order that this customer placed with this key before. */
  readonly firstId: string | null;
  /** The key belongs to another command of this customer. */
  readonly isUsedOtherwise: boolean;
};

type AssetRow = { [Key in keyof Asset]: Asset[Key] | null };
type Row = AssetRow &
  Pick<QuoteRow, 'bid' | 'ask' | 'last' | 'at'> & {
    readonly sequence: bigint | null;
    readonly firstId: string | null;
    readonly isUsedOtherwise: boolean;
  };

/** One read instead of four: round trips are what placing an order costs most. */
export async function findKnowledge(tx: Transaction, wanted: Wanted): Promise<Known> {
  const { asset, customerId, idempotencyKey } = wanted;
  const id = 'id' in asset ? asset.id : null;
  const symbol = 'symbol' in asset ? asset.symbol : null;
  const [row] = await tx.$queryRaw<Row[]>`
    /* orders.knowledge */
    SELECT s.*, q.bid, q.ask, q.last, q.sequence, q.at, first.id AS "firstId",
      other.order_id IS NOT NULL AS "isUsedOtherwise"
    FROM (VALUES (${customerId}::uuid, ${idempotencyKey})) AS asked(customer_id, key)
    LEFT JOIN LATERAL (
      SELECT id, symbol, name, type, currency, fractionable, state, version
      FROM asset WHERE id = ${id}::uuid OR symbol = ${symbol} ORDER BY id LIMIT 1
    ) s ON true
    LEFT JOIN quote q ON q.asset_id = s.id
    LEFT JOIN "order" first
      ON first.customer_id = asked.customer_id AND first.idempotency_key = asked.key
    LEFT JOIN order_request other
      ON other.customer_id = asked.customer_id AND other.idempotency_key = asked.key`;
  if (!row) throw new Error('one row was asked for');
  const { firstId, isUsedOtherwise } = row;
  return { asset: assetOf(row), quote: quoteOf(row), firstId, isUsedOtherwise };
}

/** The columns of an asset are null together. */
function assetOf({ id, symbol, name, type, currency, ...rest }: Row): Asset | null {
  const { fractionable, state, version } = rest;
  if (id === null || symbol === null || name === null || type === null) return null;
  if (currency === null || fractionable === null || state === null || version === null) return null;
  return { id, symbol, name, type, currency, fractionable, state, version };
}

function quoteOf({ id, sequence, bid, ask, last, at }: Row): Quote | null {
  if (id === null || sequence === null) return null;
  return toQuote({ assetId: id, sequence, bid, ask, last, at });
}

import type { Asset } from '../domain/asset.ts';
import { type CommissionPlan, defaultPlan } from '../domain/fee-schedule.ts';
import type { Quote } from '../domain/prices.ts';
import { type AssetRow as CopyRow, ticksOf, toAsset } from './asset-rows.ts';
import type { Transaction } from './client.ts';
import { type Listing, type QuoteRow, toQuote } from './copies.ts';
import { planOf } from './plans.ts';

/** An asset is named by its UUID or by its symbol. */
export type AssetName = { readonly id: string } | { readonly symbol: string };

export type Wanted = {
  readonly accountId: string;
  readonly asset: AssetName;
  readonly customerId: string;
  readonly idempotencyKey: string;
};

/** What must be known before an order is placed, the account apart. */
export type Known = {
  readonly asset: Asset | null;
  readonly quote: Quote | null;
  readonly plan: CommissionPlan;
  /** The order that this customer placed with this key before. */
  readonly firstId: string | null;
  /** The key belongs to another command of this customer. */
  readonly isUsedOtherwise: boolean;
};

type AssetRow = { [Key in keyof CopyRow]: CopyRow[Key] | null };
type Row = AssetRow &
  Pick<QuoteRow, 'bid' | 'ask' | 'last' | 'at'> & {
    readonly sequence: bigint | null;
    readonly plan: string | null;
    readonly firstId: string | null;
    readonly isUsedOtherwise: boolean;
  };

/**
 * One read instead of four, and one for all orders of the same moment: round trips are what placing
 * an order costs most. Answers in the order of `wanted`.
 */
export async function findKnowledge(
  tx: Transaction,
  wanted: readonly Wanted[],
): Promise<readonly Known[]> {
  const asked = wanted.map(({ asset, ...rest }) => ({ ...rest, ...asset }));
  const rows = await tx.$queryRaw<Row[]>`
    /* orders.knowledge */
    SELECT s.*, q.bid, q.ask, q.last, q.sequence, q.at, first.id AS "firstId",
      chosen.plan, other.customer_id IS NOT NULL AS "isUsedOtherwise"
    FROM ROWS FROM (
      jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS ("accountId" uuid, id uuid, symbol text, "customerId" uuid, "idempotencyKey" text)
    ) WITH ORDINALITY AS asked("accountId", id, symbol, customer_id, key, nth)
    LEFT JOIN LATERAL (
      SELECT id, symbol, name, type, currency, fractionable, state, ticks, version
      FROM asset WHERE asset.id = asked.id OR asset.symbol = asked.symbol ORDER BY id LIMIT 1
    ) s ON true
    LEFT JOIN quote q ON q.asset_id = s.id
    LEFT JOIN LATERAL (
      SELECT plan FROM account_plan WHERE account_id = asked."accountId"
      ORDER BY sequence DESC LIMIT 1
    ) chosen ON true
    LEFT JOIN "order" first
      ON first.customer_id = asked.customer_id AND first.idempotency_key = asked.key
    LEFT JOIN order_request other
      ON other.customer_id = asked.customer_id AND other.idempotency_key = asked.key
    ORDER BY asked.nth`;
  return rows.map(toKnown);
}

const toKnown = (row: Row): Known => ({
  asset: assetOf(row),
  quote: quoteOf(row),
  plan: row.plan === null ? defaultPlan : planOf(row.plan),
  firstId: row.firstId,
  isUsedOtherwise: row.isUsedOtherwise,
});

/** An asset as a customer names it, with its last quote. */
export async function findListing(tx: Transaction, name: AssetName): Promise<Listing> {
  const [found] = await tx.asset.findMany({ where: name, orderBy: { id: 'asc' }, take: 1 });
  const asset = found ? toAsset(found) : null;
  const row = asset && (await tx.quote.findUnique({ where: { assetId: asset.id } }));
  return { asset, quote: row && toQuote(row) };
}

/** The columns of an asset are null together. */
function assetOf({ id, symbol, name, type, currency, ...rest }: Row): Asset | null {
  const { fractionable, state, ticks, version } = rest;
  if (id === null || symbol === null || name === null || type === null) return null;
  if (currency === null || fractionable === null || state === null || version === null) return null;
  const named = { id, symbol, name, type, currency };
  return { ...named, fractionable, state, ticks: ticksOf(ticks), version };
}

function quoteOf({ id, sequence, bid, ask, last, at }: Row): Quote | null {
  if (id === null || sequence === null) return null;
  return toQuote({ assetId: id, sequence, bid, ask, last, at });
}

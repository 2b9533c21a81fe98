import { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';
import type { Quote } from '../domain/quote.ts';
import type { Tx } from './client.ts';

/** Answers in the order of `assetIds`, as DataLoader requires; null for assets without a quote. */
export async function findQuotes(db: Tx, assetIds: readonly string[]): Promise<(Quote | null)[]> {
  const rows = await db.quote.findMany({ where: { assetId: { in: [...assetIds] } } });
  const byAsset = new Map(
    rows.map(({ assetId, bid, ask, last, bidSize, askSize, sequence, at }) => [
      assetId,
      {
        assetId: assetId as AssetId,
        bid: new Decimal(bid.toFixed()),
        ask: new Decimal(ask.toFixed()),
        last: new Decimal(last.toFixed()),
        bidSize: bidSize && new Decimal(bidSize.toFixed()),
        askSize: askSize && new Decimal(askSize.toFixed()),
        sequence: Number(sequence),
        at,
      },
    ]),
  );
  return assetIds.map((id) => byAsset.get(id) ?? null);
}

/** Keeps the quote of the higher sequence; one statement for a whole batch, rows in asset order. */
export async function saveQuotes(tx: Tx, quotes: readonly Quote[]): Promise<void> {
  if (quotes.length === 0) return;
  const prices = (side: 'bid' | 'ask' | 'last') => quotes.map((quote) => quote[side].toFixed());
  const sizes = (side: 'bidSize' | 'askSize') =>
    quotes.map((quote) => quote[side]?.toFixed() ?? null);
  await tx.$executeRaw`
    /* quotes.save */
    INSERT INTO quote (asset_id, bid, ask, last, sequence, at, bid_size, ask_size)
    SELECT * FROM unnest(
      ${quotes.map(({ assetId }) => assetId)}::uuid[], ${prices('bid')}::numeric[],
      ${prices('ask')}::numeric[], ${prices('last')}::numeric[],
      ${quotes.map(({ sequence }) => sequence)}::bigint[],
      ${quotes.map(({ at }) => at.toISOString())}::timestamptz[], ${sizes('bidSize')}::numeric[],
      ${sizes('askSize')}::numeric[])
    ON CONFLICT (asset_id) DO UPDATE SET
      bid = excluded.bid, ask = excluded.ask, last = excluded.last,
      sequence = excluded.sequence, at = excluded.at, bid_size = excluded.bid_size,
      ask_size = excluded.ask_size
    WHERE quote.sequence < excluded.sequence`;
}

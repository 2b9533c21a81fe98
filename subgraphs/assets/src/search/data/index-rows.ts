import { ladderOf } from '../../data/assets.ts';
import type { Tx } from '../../data/client.ts';
import type { Asset } from '../../domain/asset.ts';
import { deletionsOf, fold, form, indexedWords, likelyMeant, squash } from '../domain/terms.ts';

/** Overwrites what is found of these assets; an older version changes nothing. */
export async function saveDocuments(tx: Tx, assets: readonly Asset[]): Promise<void> {
  const rows = assets.map(({ ticks, ...asset }) => ({
    ...asset,
    tickFrom: ladderOf(ticks, 'from'),
    tickSize: ladderOf(ticks, 'tick'),
    folded: fold(asset.name),
    squashed: squash(asset.name),
  }));
  await tx.$executeRaw`
    /* search.save-documents */
    INSERT INTO search_document (asset_id, symbol, name, type, sector, sub_industry, currency,
      fractionable, state, version, tick_from, tick_size, folded, squashed, form)
    SELECT id, symbol, name, type, sector, "subIndustry", currency, fractionable, state, version,
      "tickFrom"::numeric[], "tickSize"::numeric[], folded, squashed, ${form}::int
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS given (id uuid, symbol text,
      name text, type text, sector text, "subIndustry" text, currency text, fractionable boolean,
      state text, version int, "tickFrom" text, "tickSize" text, folded text, squashed text)
    ORDER BY id
    ON CONFLICT (asset_id) DO UPDATE SET name = excluded.name, sector = excluded.sector,
      sub_industry = excluded.sub_industry, fractionable = excluded.fractionable,
      state = excluded.state, version = excluded.version, tick_from = excluded.tick_from,
      tick_size = excluded.tick_size, folded = excluded.folded, squashed = excluded.squashed,
      form = excluded.form
    WHERE search_document.version <= excluded.version`;
}

/** Replaces the words of these assets by those of their names now. */
export async function saveWords(tx: Tx, assets: readonly Asset[]): Promise<void> {
  const words = assets.flatMap((asset) =>
    indexedWords(asset).map((word) => ({ ...word, assetId: asset.id })),
  );
  const near = new Set(assets.flatMap(likelyMeant));
  const terms = [...near].flatMap((word) => deletionsOf(word).map((term) => ({ term, word })));
  await tx.$executeRaw`
    /* search.drop-words */
    DELETE FROM search_word WHERE asset_id = ANY(${assets.map(({ id }) => id)}::uuid[])
      AND (kind, word, asset_id) NOT IN (
        SELECT * FROM unnest(${words.map(({ kind }) => kind)}::text[],
          ${words.map(({ word }) => word)}::text[],
          ${words.map(({ assetId }) => assetId)}::uuid[]))`;
  await tx.$executeRaw`
    /* search.save-words */
    INSERT INTO search_word (kind, word, asset_id)
    SELECT * FROM unnest(${words.map(({ kind }) => kind)}::text[],
      ${words.map(({ word }) => word)}::text[], ${words.map(({ assetId }) => assetId)}::uuid[])
      AS given (kind, word, asset_id)
    ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING`;
  await tx.$executeRaw`
    /* search.save-near */
    INSERT INTO search_near (term, word)
    SELECT * FROM unnest(${terms.map(({ term }) => term)}::text[],
      ${terms.map(({ word }) => word)}::text[]) AS given (term, word)
    ORDER BY 1, 2 ON CONFLICT DO NOTHING`;
}

/** Assets that are found as they were, not as they are, or by words made in an older form. */
export async function staleIds(db: Tx, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    /* search.stale */
    SELECT asset.id::text FROM asset LEFT JOIN search_document ON asset_id = asset.id
    WHERE asset_id IS NULL OR search_document.version < asset.version OR form <> ${form}::int
    ORDER BY asset.id LIMIT ${limit}::int`;
  return rows.map(({ id }) => id);
}

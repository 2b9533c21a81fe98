import { toAsset } from '../../data/assets.ts';
import type { Tx } from '../../data/client.ts';
import type { Asset, AssetState, AssetType } from '../../domain/asset.ts';
import { type Asset as AssetRow, Prisma } from '../../generated/prisma/client.ts';
import { type Asked, deletionsOf } from '../domain/terms.ts';

/** Where a match stands in its search. */
type AssetPlace = { readonly rank: number; readonly symbol: string };
export type AssetMatch = Asset & AssetPlace;
/** An empty list narrows nothing. */
export type AssetFilter = {
  readonly types: readonly AssetType[];
  readonly sectors: readonly string[];
  readonly states: readonly AssetState[];
};
/** A word that was asked for, and one in the index that may be meant by it. */
export type Likeness = { readonly asked: string; readonly word: string };
export type Search = {
  readonly asked: Asked;
  readonly likenesses: readonly Likeness[];
  readonly filter: AssetFilter;
};

/** Words of the index that share a deletion with one asked for: candidates, not yet compared. */
export async function candidates(db: Tx, words: readonly string[]): Promise<Likeness[]> {
  if (words.length === 0) return [];
  const terms = words.flatMap((asked) => deletionsOf(asked).map((term) => ({ asked, term })));
  return db.$queryRaw<Likeness[]>`
    /* search.candidates */
    SELECT DISTINCT asked, word FROM search_near JOIN unnest(
      ${terms.map(({ asked }) => asked)}::text[], ${terms.map(({ term }) => term)}::text[])
      AS given (asked, term) USING (term)`;
}

const isOneOf = (column: Prisma.Sql, values: readonly string[]): Prisma.Sql =>
  values.length === 0 ? Prisma.sql`true` : Prisma.sql`${column} = ANY(${[...values]}::text[])`;

const isOfType = ({ types }: AssetFilter) => isOneOf(Prisma.sql`type`, types);
const isOfSector = ({ sectors }: AssetFilter) => isOneOf(Prisma.sql`sector`, sectors);

const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/**
 * Every match with its rank: 0 its symbol begins with the text; 1 its name contains it, or each of
 * its words; 2 its symbol, 3 its name with one typing error. Nothing reads the assets themselves.
 */
function matches({ asked, likenesses, filter }: Search): Prisma.Sql {
  const { text, folded, squashed, words } = asked;
  return Prisma.sql`
    WITH asked AS (
      SELECT word, n FROM unnest(${[...words]}::text[]) WITH ORDINALITY AS a (word, n)
    ), likeness AS (
      SELECT * FROM unnest(${likenesses.map((one) => one.asked)}::text[],
        ${likenesses.map(({ word }) => word)}::text[]) AS l (asked, word)
    ), hit AS (
      SELECT n, asset_id, min(typos) AS typos FROM (
        SELECT n, asset_id, 0 AS typos FROM asked JOIN search_word
          ON kind = 'NAME' AND starts_with(search_word.word, asked.word)
        UNION ALL
        SELECT n, asset_id, 1 FROM asked JOIN likeness ON likeness.asked = asked.word
          JOIN search_word ON kind = 'NAME' AND search_word.word = likeness.word
      ) AS found GROUP BY n, asset_id
    ), named AS (
      SELECT asset_id, sum(typos) AS typos FROM hit GROUP BY asset_id
      HAVING count(*) = ${words.length}::int AND sum(typos) <= 1
    ), near_symbol AS (
      SELECT DISTINCT asset_id FROM likeness JOIN search_word
        ON kind = 'SYMBOL' AND search_word.word = likeness.word
      WHERE likeness.asked = ${folded}
    ), ranked AS (
      SELECT document.*, CASE
        WHEN symbol LIKE ${`${literal(text.toUpperCase())}%`} THEN 0
        WHEN (${folded !== '' || text === ''} AND folded LIKE ${`%${literal(folded)}%`})
          OR named.typos = 0 THEN 1
        WHEN near_symbol.asset_id IS NOT NULL THEN 2
        WHEN named.typos = 1 OR (${squashed} <> '' AND squashed LIKE ${`${squashed}%`})
          OR squashed IN (SELECT word FROM likeness WHERE asked = ${squashed}) THEN 3
        END AS rank
      FROM search_document AS document LEFT JOIN named USING (asset_id)
        LEFT JOIN near_symbol USING (asset_id)
      WHERE ${isOneOf(Prisma.sql`state`, filter.states)}
    ), matched AS (SELECT * FROM ranked WHERE rank IS NOT NULL)`;
}

export type Page = { readonly after: AssetPlace | null; readonly limit: number };

/** Matches by rank, then by symbol. */
export async function findMatches(
  db: Tx,
  search: Search,
  { after, limit }: Page,
): Promise<AssetMatch[]> {
  const rows = await db.$queryRaw<(AssetRow & { rank: number })[]>`
    /* search.page */ ${matches(search)}
    SELECT asset_id AS id, symbol, name, type, sector, sub_industry AS "subIndustry", currency,
      fractionable, state, version, tick_from AS "tickFrom", tick_size AS "tickSize", rank
    FROM matched
    WHERE ${isOfType(search.filter)} AND ${isOfSector(search.filter)}
      AND (rank, symbol COLLATE "C") > (${after?.rank ?? -1}::int, ${after?.symbol ?? ''})
    ORDER BY rank, symbol COLLATE "C" LIMIT ${limit}::int`;
  return rows.map((row) => ({ ...toAsset(row), rank: row.rank }));
}

export type FacetRow = {
  readonly facet: 'ALL' | 'TYPE' | 'SECTOR';
  readonly value: string | null;
  readonly count: number;
};

/** How many there are in all, by type (of the sectors asked for) and by sector (of the types). */
export const countFacets = (db: Tx, search: Search): Promise<FacetRow[]> =>
  db.$queryRaw<FacetRow[]>`
    /* search.facets */ ${matches(search)}
    SELECT 'ALL' AS facet, NULL AS value, count(*)::int AS count FROM matched
      WHERE ${isOfType(search.filter)} AND ${isOfSector(search.filter)}
    UNION ALL
    SELECT 'TYPE', type, count(*)::int FROM matched WHERE ${isOfSector(search.filter)} GROUP BY type
    UNION ALL
    SELECT 'SECTOR', sector, count(*)::int FROM matched WHERE ${isOfType(search.filter)}
      GROUP BY sector`;

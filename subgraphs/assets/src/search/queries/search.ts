import type { Deps } from '../../deps.ts';
import type { AssetType } from '../../domain/asset.ts';
import {
  type AssetFilter,
  type AssetMatch,
  candidates,
  countFacets,
  type FacetRow,
  findMatches,
  type Page,
  type Search,
} from '../data/matches.ts';
import { askedFor, isWithinOneEdit } from '../domain/terms.ts';

export type SearchAsked = { readonly text: string; readonly filter: AssetFilter };

/** By symbol; with a text, the better match first. */
export async function matchingAssets(
  deps: Pick<Deps, 'db'>,
  asked: SearchAsked,
  page: Page,
): Promise<AssetMatch[]> {
  return findMatches(deps.db, await readSearch(deps, asked), page);
}

export type Facets = {
  readonly total: number;
  readonly types: { readonly type: AssetType; readonly count: number }[];
  readonly sectors: { readonly sector: string | null; readonly count: number }[];
};

/** Each facet counts under the other filters, not under its own: it shows what else there is. */
export async function facetsOf(deps: Pick<Deps, 'db'>, asked: SearchAsked): Promise<Facets> {
  const rows = await countFacets(deps.db, await readSearch(deps, asked));
  const of = (facet: FacetRow['facet']) =>
    rows
      .filter((row) => row.facet === facet)
      .sort((a, b) => b.count - a.count || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
  return {
    total: of('ALL')[0]?.count ?? 0,
    types: of('TYPE').map(({ value, count }) => ({ type: value as AssetType, count })),
    sectors: of('SECTOR').map(({ value: sector, count }) => ({ sector, count })),
  };
}

async function readSearch(
  { db }: Pick<Deps, 'db'>,
  { text, filter }: SearchAsked,
): Promise<Search> {
  const asked = askedFor(text);
  const found = await candidates(db, asked.near);
  const likenesses = found.filter(({ asked: one, word }) => isWithinOneEdit(one, word));
  return { asked, likenesses, filter };
}

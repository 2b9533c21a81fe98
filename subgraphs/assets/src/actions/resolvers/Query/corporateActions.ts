import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { CorporateActionFilterInput, QueryResolvers } from '../../../generated/graphql.ts';
import { assetByIdOrSymbol } from '../../../queries/assets.ts';
import { type ActionFilter, actionsBy } from '../../queries/actions.ts';
import { placeOf, readPlace } from '../places.ts';

export const corporateActions: NonNullable<QueryResolvers['corporateActions']> = async (
  _,
  { filter, ...page },
  context,
) => {
  const { first, after } = pageAsked(page, readPlace);
  const wanted = await readFilter(context, filter);
  const actions = wanted ? await actionsBy(context, wanted, { after, limit: first + 1 }) : [];
  return toConnection(actions, { first, placeOf });
};

type Asker = Parameters<typeof assetByIdOrSymbol>[0];

/** Null for an asset that there is none of: it has no actions. */
async function readFilter(
  context: Asker,
  filter: CorporateActionFilterInput | null | undefined,
): Promise<ActionFilter | null> {
  const { assetId, kind, state, from = null, to = null } = filter ?? {};
  const asset = assetId ? await assetByIdOrSymbol(context, assetId) : null;
  if (assetId && !asset) return null;
  const once = <T>(values: readonly T[] | null | undefined) => [...new Set(values ?? [])];
  return { assetId: asset?.id ?? null, kinds: once(kind), states: once(state), from, to };
}

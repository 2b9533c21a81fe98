import type { Deps } from '../../deps.ts';
import { groupedBy } from '../../domain/grouped.ts';
import {
  type ActionFilter,
  type ActionPage,
  type ActionPlace,
  actionsOfAssets,
  begunActions,
  listActions,
} from '../data/actions.ts';
import type { CorporateAction } from '../domain/action.ts';

export type { ActionFilter, ActionPage, ActionPlace };

/** The latest ex-date first. */
export const actionsBy = ({ db }: Pick<Deps, 'db'>, filter: ActionFilter, page: ActionPage) =>
  listActions(db, filter, page);

/** Dividends and splits whose ex-date has begun: what prices before it are adjusted by. */
export const adjustingActions = begunActions;

export type OwnActionsAsked = ActionPage & { readonly assetId: string };

/** In the order of what was asked; one statement for each shape of page. */
export async function actionsInBulk(
  { db }: Pick<Deps, 'db'>,
  asked: readonly OwnActionsAsked[],
): Promise<readonly (readonly CorporateAction[])[]> {
  const shapes = groupedBy(asked, ({ assetId: _, ...page }) => JSON.stringify(page));
  const lists = await Promise.all(
    [...shapes.values()].map(async (alike) => {
      const [page] = alike;
      if (!page) return [];
      const ids = alike.map(({ assetId }) => assetId);
      const byAsset = groupedBy(await actionsOfAssets(db, ids, page), ({ assetId }) => assetId);
      return alike.map((one) => [one, byAsset.get(one.assetId) ?? []] as const);
    }),
  );
  const found = new Map(lists.flat());
  return asked.map((one) => found.get(one) ?? []);
}

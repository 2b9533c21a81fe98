import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { findActions } from './data/actions.ts';
import type { CorporateAction } from './domain/action.ts';
import { actionsInBulk, type OwnActionsAsked } from './queries/actions.ts';

const loaderBatchMax = 500;

export type ActionLoaders = {
  readonly actions: DataLoader<string, CorporateAction | null>;
  /** One page of one asset's actions; pages of one shape are read together. */
  readonly ownActions: DataLoader<OwnActionsAsked, readonly CorporateAction[], string>;
};

export const actionLoaders = (deps: Pick<Deps, 'db'>): ActionLoaders => ({
  actions: new DataLoader((ids) => findActions(deps.db, ids), { maxBatchSize: loaderBatchMax }),
  ownActions: new DataLoader((asked) => actionsInBulk(deps, asked), {
    maxBatchSize: loaderBatchMax,
    cacheKeyFn: (asked) => JSON.stringify(asked),
  }),
});

import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { findTexts, type StatementKey, type StatementTexts } from './data/statements.ts';

const loaderBatchMax = 100;

export type StatementLoaders = {
  /** Of statements that the viewer was shown. */
  readonly statementTexts: DataLoader<StatementKey, StatementTexts, string>;
};

export const statementLoaders = ({ db }: Pick<Deps, 'db'>): StatementLoaders => ({
  statementTexts: new DataLoader((keys) => findTexts(db, keys), {
    maxBatchSize: loaderBatchMax,
    cacheKeyFn: ({ accountId, month }) => `${accountId}:${month}`,
  }),
});

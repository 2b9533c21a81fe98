import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { currentElections, type ElectionPage, listElections } from './data/elections.ts';
import type { Election } from './domain/election.ts';

const batchMax = 100;

export type ElectionLoaders = {
  /** By account; null for one that never elected. The caller has seen that it may be read. */
  readonly elections: DataLoader<string, Election | null>;
  readonly electionPages: DataLoader<ElectionPage, readonly Election[], string>;
};

export const electionLoaders = ({ db }: Pick<Deps, 'db'>): ElectionLoaders => ({
  elections: new DataLoader((ids) => currentElections(db, ids), { maxBatchSize: batchMax }),
  electionPages: new DataLoader((pages) => listElections(db, pages), {
    maxBatchSize: batchMax,
    cacheKeyFn: (page) => JSON.stringify(page),
  }),
});

import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { findReversed } from './data/booked.ts';

const loaderBatchMax = 100;

export type LedgerLoaders = {
  /** What a transaction reverses, by its id; of activities that the viewer was shown. */
  readonly reversed: DataLoader<string, string | null>;
};

export const ledgerLoaders = ({ db }: Pick<Deps, 'db'>): LedgerLoaders => ({
  reversed: new DataLoader((ids) => findReversed(db, ids), { maxBatchSize: loaderBatchMax }),
});

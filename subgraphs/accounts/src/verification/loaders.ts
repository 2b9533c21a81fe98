import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { findVerifications } from './data/verifications.ts';
import type { Verification } from './domain/verification.ts';

const loaderBatchMax = 100;

/** By customer id, of customers that the viewer was shown. */
export type VerificationLoaders = {
  readonly verifications: DataLoader<string, Verification>;
};

export const verificationLoaders = ({ db }: Pick<Deps, 'db'>): VerificationLoaders => ({
  verifications: new DataLoader((ids) => findVerifications(db, ids), {
    maxBatchSize: loaderBatchMax,
  }),
});

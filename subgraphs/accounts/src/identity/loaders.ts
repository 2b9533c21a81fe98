import { isStaff, type Viewer } from '@simplebank/chassis/auth';
import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { findIdentities } from './data/identities.ts';
import type { Identity } from './domain/identity.ts';

const loaderBatchMax = 100;

export type IdentityLoaders = { readonly identities: DataLoader<string, Identity | null> };

/** Of one request: customers see themselves, support and operations all; others do not exist. */
export function identityLoaders({ db }: Pick<Deps, 'db'>, viewer: Viewer): IdentityLoaders {
  const load = async (ids: readonly string[]) => {
    const found = await findIdentities(db, ids);
    return found.map((identity) => (identity && sees(viewer, identity.id) ? identity : null));
  };
  return { identities: new DataLoader(load, { maxBatchSize: loaderBatchMax }) };
}

const sees = (viewer: Viewer, id: string): boolean =>
  viewer.kind === 'principal' && (viewer.customerId === id || isStaff(viewer));

import { isStaff, type Viewer } from '@simplebank/chassis/auth';
import { isUuid } from '@simplebank/kernel/ids';
import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { type Balances, findBalances } from '../ledger/index.ts';
import { findAccounts, type Sight } from './data/accounts.ts';
import type { Account } from './domain/account.ts';

const loaderBatchMax = 100;

export type AccountLoaders = {
  readonly accounts: DataLoader<string, Account | null>;
  /** By account id, of accounts that the viewer was shown. */
  readonly balances: DataLoader<string, Balances>;
};

/** Of one request: a customer sees the accounts they own, staff all; others do not exist. */
export function accountLoaders({ db }: Pick<Deps, 'db'>, viewer: Viewer): AccountLoaders {
  const visibleTo = sightOf(viewer);
  const load = (ids: readonly string[]) => findAccounts(db, { ids, visibleTo });
  return {
    accounts: new DataLoader(load, { maxBatchSize: loaderBatchMax }),
    balances: new DataLoader((ids) => findBalances(db, ids), { maxBatchSize: loaderBatchMax }),
  };
}

const nobody = '00000000-0000-0000-0000-000000000000';

/** Whose accounts a viewer sees; null sees all. */
export function sightOf(viewer: Viewer): Sight {
  if (viewer.kind === 'anonymous') return nobody;
  if (isStaff(viewer)) return null;
  return isUuid(viewer.customerId) ? viewer.customerId : nobody;
}

import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { hasOpenOrders } from '../data/business.ts';
import { close, reopen } from '../domain/account.ts';
import { changeStatus, type StatusAct } from './change-status.ts';

export type OwnerAct = Omit<StatusAct, 'reason'>;

/** Begins the closing; the account is CLOSED once nothing is left in it. */
export const closeAccount = (deps: Deps, act: OwnerAct, story: Story) =>
  changeStatus(
    deps,
    {
      ...act,
      reason: null,
      command: 'closeAccount',
      decide: async ({ tx, account }) =>
        close(account, { openOrders: await hasOpenOrders(tx, account.id) }),
    },
    story,
  );

export const reopenAccount = (deps: Deps, act: OwnerAct, story: Story) =>
  changeStatus(
    deps,
    {
      ...act,
      reason: null,
      command: 'reopenAccount',
      decide: ({ account, balances }) => reopen(account, { owes: balances.owed.greaterThan(0) }),
    },
    story,
  );

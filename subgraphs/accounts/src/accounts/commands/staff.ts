import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { freeze, liftLimit, limit, unfreeze } from '../domain/account.ts';
import { changeStatus, type StatusAct } from './change-status.ts';

/** What staff commands on an account: always with a reason. */
export type StaffAct = StatusAct & { readonly reason: string };

export const freezeAccount = (deps: Deps, act: StaffAct, story: Story) =>
  changeStatus(
    deps,
    { ...act, command: 'freezeAccount', decide: ({ account }) => freeze(account) },
    story,
  );

export const unfreezeAccount = (deps: Deps, act: StaffAct, story: Story) =>
  changeStatus(
    deps,
    { ...act, command: 'unfreezeAccount', decide: ({ account }) => unfreeze(account) },
    story,
  );

export const limitAccount = (deps: Deps, act: StaffAct, story: Story) =>
  changeStatus(
    deps,
    { ...act, command: 'limitAccount', decide: ({ account }) => limit(account) },
    story,
  );

/** An account that owes money stays LIMITED, for its debt. */
export const liftAccountLimit = (deps: Deps, act: StaffAct, story: Story) =>
  changeStatus(
    deps,
    {
      ...act,
      command: 'liftLimit',
      decide: ({ account, balances }) => liftLimit(account, { owes: balances.owed.greaterThan(0) }),
    },
    story,
  );

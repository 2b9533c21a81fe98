import { changeStatus, submit } from '../../accounts/index.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { standingsOf } from './save-move.ts';

export type SubmitAccount = { readonly accountId: string; readonly idempotencyKey: string | null };

/** Submits an account; it goes on as far as what is known of its owners leads (domain §2.3). */
export const submitAccount = (deps: Deps, act: SubmitAccount, story: Story) =>
  changeStatus(
    deps,
    {
      ...act,
      reason: null,
      command: 'submitAccount',
      decide: async ({ tx, account }) => submit(account, await standingsOf(tx, account.ownerIds)),
    },
    story,
  );

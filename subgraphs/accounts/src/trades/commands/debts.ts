import type { Cause } from '@simplebank/contracts/event';
import { accountsById, debtChanged } from '../../accounts/index.ts';
import type { Actor } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  type Balances,
  lockBalances,
  noPostings,
  repayDebt,
  savePostings,
} from '../../ledger/index.ts';

export type DebtNews = {
  readonly accountId: string;
  readonly owes: boolean;
  readonly by: Actor;
  readonly cause: Cause;
};

/** Limits accounts whose debt arose and frees those whose debt ended; their money is locked. */
export async function debtsChanged(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  news: readonly DebtNews[],
): Promise<void> {
  if (news.length === 0) return;
  const accounts = await accountsById(
    tx,
    news.map(({ accountId }) => accountId),
  );
  // One after the other: there are hardly ever any.
  for (const { accountId, ...change } of news) {
    const account = accounts.get(accountId);
    if (!account) throw new Error(`account ${accountId} owes money but is not there`);
    await debtChanged(tx, deps, { account, ...change });
  }
}

export type Freed = {
  /** As it was when the act began; its rows are locked since. */
  readonly before: Balances;
  /** What freed the money: a part of the repayment's reference. */
  readonly by: string;
  readonly story: Story;
};

/**
 * After an act of staff: whatever is available now repays what is owed, and the account's state
 * follows its debt. Answers the money as it is then.
 */
export async function repayFree(deps: Deps, tx: Tx, { before, by, story }: Freed) {
  const { accountId } = before;
  const now = (await lockBalances(tx, [accountId])).get(accountId);
  if (!now) throw new Error(`account ${accountId} has lost its ledger accounts`);
  const ids = { id: deps.newId(), orderId: null, executionId: null, paymentId: null };
  const repaid = repayDebt(now, { ...ids, at: deps.clock.now(), by });
  if (repaid) await savePostings(tx, { ...noPostings, transactions: [repaid.transaction] });
  const after = repaid?.balances ?? now;
  if (!after.owed.equals(before.owed)) {
    await debtsChanged(tx, deps, [{ accountId, owes: !after.owed.isZero(), ...story }]);
  }
  return after;
}

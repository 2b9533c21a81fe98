import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result } from '@simplebank/kernel/result';
import { type Act, type Actor, audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { accountStatusChanged } from '../../events/published.ts';
import { lockBalances } from '../../ledger/index.ts';
import { findAccounts, saveStatus } from '../data/accounts.ts';
import { type Account, freeze, type StatusRefusal, unfreeze, withDebt } from '../domain/account.ts';

export type StaffAct = {
  readonly accountId: string;
  readonly reason: string;
  readonly idempotencyKey: string | null;
};

export const freezeAccount = (deps: Deps, act: StaffAct, story: Story) =>
  changeByStaff(deps, { ...act, command: 'freezeAccount', decide: freeze }, story);

export const unfreezeAccount = (deps: Deps, act: StaffAct, story: Story) =>
  changeByStaff(deps, { ...act, command: 'unfreezeAccount', decide: unfreeze }, story);

type Decision = StaffAct & {
  readonly command: string;
  readonly decide: (account: Account) => Result<Account, StatusRefusal>;
};

async function changeByStaff(
  deps: Deps,
  { accountId, reason, idempotencyKey, command, decide }: Decision,
  { by, cause }: Story,
): Promise<Result<string, StatusRefusal | KeyReused>> {
  const input = { accountId, reason };
  const ask = { owner: by.actor, key: idempotencyKey, command, input, movesMoney: false };
  return once<StatusRefusal>(deps, ask, async (tx) => {
    // Whoever asks what an account may do holds this lock, so nobody acts on the state before.
    await lockBalances(tx, [accountId]);
    const [account] = await findAccounts(tx, { ids: [accountId], visibleTo: null });
    if (!account) throw new Error(`account ${accountId} is not there`);
    const decided = decide(account);
    if (!decided.ok) return decided;
    await save(tx, deps, { before: account, after: decided.value, reason, by, cause, command });
    return ok(account);
  });
}

export type DebtChange = {
  readonly account: Account;
  readonly owes: boolean;
  readonly by: Actor;
  readonly cause: Cause;
};

/** Limits or frees an account as its debt arises or ends; its balances are locked already. */
export async function debtChanged(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  { account, owes, by, cause }: DebtChange,
): Promise<Account> {
  const after = withDebt(account, owes);
  if (!after) return account;
  const reason = owes ? 'DEBT' : 'DEBT_REPAID';
  await save(tx, deps, { before: account, after, reason, by, cause, command: 'debtChanged' });
  return after;
}

type Saving = {
  readonly before: Account;
  readonly after: Account;
  readonly reason: string;
  readonly by: Actor;
  readonly cause: Cause;
  readonly command: string;
};

async function save(tx: Tx, deps: Pick<Deps, 'clock' | 'newId'>, change: Saving): Promise<void> {
  const { before, after, reason, by, cause, command } = change;
  await saveStatus(tx, before, after);
  const states = { before: stateOf(before), after: stateOf(after) };
  const act: Act = { by, command, subject: before.id, reason, ...states };
  await audit(tx, deps, [act]);
  if (after.version === before.version) return;
  await publish(tx, deps, [accountStatusChanged({ account: after, reason }, cause)]);
}

const stateOf = ({ status, statusBeforeFreeze, limitedFor }: Account) => ({
  status,
  statusBeforeFreeze,
  limitedFor,
});

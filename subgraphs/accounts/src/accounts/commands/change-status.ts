import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result } from '@simplebank/kernel/result';
import { type Actor, audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { accountStatusChanged } from '../../events/published.ts';
import { type Balances, lockBalances, noteState } from '../../ledger/index.ts';
import { findAccounts, saveChange } from '../data/accounts.ts';
import { type Account, type Change, type Decision, withDebt } from '../domain/account.ts';

type Bank = Pick<Deps, 'clock' | 'newId'>;

export type StatusAct = {
  readonly accountId: string;
  /** Null: the command says it all, as when a customer closes an account. */
  readonly reason: string | null;
  readonly idempotencyKey: string | null;
};

export type Deciding<Refusal> = StatusAct & {
  readonly command: string;
  readonly decide: (seen: Seen) => Promise<Decision<Refusal>> | Decision<Refusal>;
};
/** An account whose balances are locked, so that nobody acts on the state before. */
export type Seen = { readonly tx: Tx; readonly account: Account; readonly balances: Balances };

/** Runs a command on an account's state once per key; a refusal leaves nothing behind. */
export async function changeStatus<Refusal>(
  deps: Deps,
  { accountId, reason, idempotencyKey, command, decide }: Deciding<Refusal>,
  { by, cause }: Story,
): Promise<Result<string, Refusal | KeyReused>> {
  const input = { accountId, reason };
  const ask = { owner: by.actor, key: idempotencyKey, command, input, movesMoney: false };
  return once<Refusal>(deps, ask, async (tx) => {
    const seen = await lockAccount(tx, accountId);
    const decided = await decide(seen);
    if (!decided.ok) return decided;
    const saving = { before: seen.account, changes: decided.value, reason, by, cause, command };
    return ok(await saveChanges(tx, deps, saving));
  });
}

/** Throws for an account that is not there. */
export async function lockAccount(tx: Tx, accountId: string): Promise<Seen> {
  const balances = (await lockBalances(tx, [accountId])).get(accountId);
  const [account] = await findAccounts(tx, { ids: [accountId], visibleTo: null });
  if (!account || !balances) throw new Error(`account ${accountId} is not there`);
  return { tx, account, balances };
}

export type DebtChange = {
  readonly account: Account;
  readonly owes: boolean;
  readonly by: Actor;
  readonly cause: Cause;
};

/** Limits or frees an account as its debt arises or ends; its balances are locked already. */
export async function debtChanged(tx: Tx, deps: Bank, change: DebtChange): Promise<Account> {
  const { account: before, owes, by, cause } = change;
  const next = withDebt(before, owes);
  if (!next) return before;
  const reason = owes ? 'DEBT' : 'DEBT_REPAID';
  const saving = { before, changes: [next], reason, by, cause, command: 'debtChanged' };
  return saveChanges(tx, deps, saving);
}

export type Saving = {
  readonly before: Account;
  readonly changes: readonly Change[];
  /** Null: each change's own trigger. */
  readonly reason: string | null;
  readonly by: Actor;
  readonly cause: Cause;
  readonly command: string;
};

/** Saves the changes one by one with their audit, history and events; answers the account after. */
export async function saveChanges(tx: Tx, deps: Bank, saving: Saving): Promise<Account> {
  const { changes, by, cause, command } = saving;
  let before = saving.before;
  for (const change of changes) {
    const { account: after, trigger } = change;
    const reason = saving.reason ?? trigger ?? command;
    await saveChange(tx, before, { ...change, reason, at: deps.clock.now() });
    const states = { before: stateOf(before), after: stateOf(after) };
    await audit(tx, deps, [{ by, command, subject: before.id, reason, ...states }]);
    if (after.status !== before.status) await noteState(tx, after, deps.clock.now());
    if (trigger) await publish(tx, deps, [accountStatusChanged({ account: after, reason }, cause)]);
    before = after;
  }
  return before;
}

const stateOf = ({ status, statusBeforeFreeze, limitedFor }: Account) => ({
  status,
  statusBeforeFreeze,
  limitedFor,
});

import type { Currency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type AccountStatus, type Trigger, targetsOf } from './transitions.ts';

export type { AccountStatus } from './transitions.ts';
export type LimitedFor = 'DEBT' | 'STAFF';

export type Account = {
  readonly id: string;
  /** Public number, counted from 1. */
  readonly number: string;
  readonly name: string;
  readonly currency: Currency;
  readonly status: AccountStatus;
  /** Where a frozen account returns to; null unless frozen. */
  readonly statusBeforeFreeze: AccountStatus | null;
  /** Why it is limited, or will be once it is no longer frozen or closing. */
  readonly limitedFor: LimitedFor | null;
  readonly ownerIds: readonly string[];
  /** Raised with each change that others are told about, and with no other. */
  readonly version: number;
  readonly createdAt: Date;
};

/** One change of an account. `trigger` is null when its state stays and nobody needs to be told. */
export type Change = { readonly account: Account; readonly trigger: Trigger | null };
type Changes = readonly [Change, ...Change[]];

export type StatusRefusal = { readonly code: 'ACCOUNT_STATUS' };
export type Decision<Refusal = StatusRefusal> = Result<Changes, Refusal>;

export const accountsPerOwnerMax = 20;

const renamable: readonly AccountStatus[] = ['ACTIVE', 'LIMITED', 'CLOSING', 'FROZEN'];

export const mayRename = ({ status }: Account): boolean => renamable.includes(status);

/** The account after this trigger, by the table of domain §2.3; null when the table has no row. */
export function move(account: Account, trigger: Trigger): Account | null {
  const targets = targetsOf(account.status, trigger);
  const to =
    trigger === 'UNFREEZE'
      ? targets.find((target) => target === account.statusBeforeFreeze)
      : targets[0];
  if (!to) return null;
  return {
    ...account,
    status: to,
    statusBeforeFreeze: to === 'FROZEN' ? account.status : null,
    limitedFor: limitAfter(account, trigger),
    version: account.version + 1,
  };
}

/** A debt is known to the ledger; what staff ordered is known here only and outlives closing. */
function limitAfter({ limitedFor }: Account, trigger: Trigger): LimitedFor | null {
  switch (trigger) {
    case 'DEBT':
      return 'DEBT';
    case 'LIMIT':
      return 'STAFF';
    case 'FREEZE':
    case 'UNFREEZE':
      return limitedFor;
    case 'CLOSE':
      return limitedFor === 'STAFF' ? 'STAFF' : null;
    default:
      return null;
  }
}

const refused: Result<never, StatusRefusal> = refuse({ code: 'ACCOUNT_STATUS' });

function moved(account: Account, trigger: Trigger): Decision {
  const after = move(account, trigger);
  return after ? ok([{ account: after, trigger }]) : refused;
}

const silently = (account: Account, change: Partial<Account>): Changes => [
  { account: { ...account, ...change }, trigger: null },
];

/** ACTIVE, LIMITED or CLOSING → FROZEN, which remembers the state before. */
export const freeze = (account: Account): Decision => moved(account, 'FREEZE');

/** FROZEN → the state before. */
export const unfreeze = (account: Account): Decision => moved(account, 'UNFREEZE');

/** ACTIVE → LIMITED. An account limited by its debt stays so when the debt is repaid. */
export function limit(account: Account): Decision {
  const { status, limitedFor } = account;
  if (status !== 'LIMITED') return moved(account, 'LIMIT');
  return limitedFor === 'DEBT' ? ok(silently(account, { limitedFor: 'STAFF' })) : refused;
}

export type Owing = { readonly owes: boolean };

/** LIMITED by staff → ACTIVE, or limited by its debt as long as it owes money. */
export function liftLimit(account: Account, { owes }: Owing): Decision {
  if (account.limitedFor !== 'STAFF' || account.status !== 'LIMITED') return refused;
  return owes ? ok(silently(account, { limitedFor: 'DEBT' })) : moved(account, 'LIFT_LIMIT');
}

export type CloseRefusal = StatusRefusal | { readonly code: 'OPEN_ORDERS' };

/** ACTIVE or LIMITED → CLOSING, unless an order is open. */
export function close(
  account: Account,
  { openOrders }: { readonly openOrders: boolean },
): Decision<CloseRefusal> {
  const decision = moved(account, 'CLOSE');
  return decision.ok && openOrders ? refuse({ code: 'OPEN_ORDERS' }) : decision;
}

/** CLOSING → ACTIVE, and on to LIMITED while staff's limit or a debt stands: no way around them. */
export function reopen(account: Account, { owes }: Owing): Decision {
  const decision = moved(account, 'REOPEN');
  const again = account.limitedFor === 'STAFF' ? 'LIMIT' : owes ? 'DEBT' : null;
  if (!decision.ok || !again) return decision;
  const limited = move(decision.value[0].account, again);
  return limited ? ok([...decision.value, { account: limited, trigger: again }]) : refused;
}

/** CLOSING → CLOSED. The caller has seen that nothing is left. */
export const settleUp = (account: Account): Decision => moved(account, 'SETTLED_UP');

/**
 * The account once it owes the bank money, or owes none any more: ACTIVE becomes LIMITED and back.
 * A frozen account changes where it returns to, of which nobody needs to be told. Null: no change.
 */
export function withDebt(account: Account, owes: boolean): Change | null {
  const { status, statusBeforeFreeze, limitedFor } = account;
  if (status === 'FROZEN') {
    const thawed = { ...account, status: statusBeforeFreeze ?? status, statusBeforeFreeze: null };
    const after = withDebt(thawed, owes)?.account;
    if (!after) return null;
    const now = { statusBeforeFreeze: after.status, limitedFor: after.limitedFor };
    return { account: { ...account, ...now }, trigger: null };
  }
  if (!owes && limitedFor !== 'DEBT') return null;
  const trigger = owes ? 'DEBT' : 'DEBT_REPAID';
  const after = move(account, trigger);
  return after && { account: after, trigger };
}

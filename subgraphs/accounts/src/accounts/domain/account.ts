import type { Currency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';

export const accountStatuses = [
  'ONBOARDING',
  'SUBMITTED',
  'ACTION_REQUIRED',
  'REJECTED',
  'ACTIVE',
  'LIMITED',
  'FROZEN',
  'CLOSING',
  'CLOSED',
] as const;
export type AccountStatus = (typeof accountStatuses)[number];
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
  /** Why it is limited, or will be once it is no longer frozen. */
  readonly limitedFor: LimitedFor | null;
  readonly ownerIds: readonly string[];
  /** Raised with each change that others are told about, and with no other. */
  readonly version: number;
  readonly createdAt: Date;
};

export type StatusRefusal = { readonly code: 'ACCOUNT_STATUS' };

export const accountsPerOwnerMax = 20;

const freezable: readonly AccountStatus[] = ['ACTIVE', 'LIMITED', 'CLOSING'];
const renamable: readonly AccountStatus[] = ['ACTIVE', 'LIMITED', 'CLOSING', 'FROZEN'];

export const mayRename = ({ status }: Account): boolean => renamable.includes(status);

/** ACTIVE, LIMITED or CLOSING → FROZEN, which remembers the state before. */
export function freeze(account: Account): Result<Account, StatusRefusal> {
  if (!freezable.includes(account.status)) return refuse({ code: 'ACCOUNT_STATUS' });
  return ok(changed(account, { status: 'FROZEN', statusBeforeFreeze: account.status }));
}

/** FROZEN → the state before. */
export function unfreeze(account: Account): Result<Account, StatusRefusal> {
  const { status, statusBeforeFreeze } = account;
  if (status !== 'FROZEN' || !statusBeforeFreeze) return refuse({ code: 'ACCOUNT_STATUS' });
  return ok(changed(account, { status: statusBeforeFreeze, statusBeforeFreeze: null }));
}

/**
 * The account once it owes the bank money, or owes none any more: ACTIVE becomes LIMITED and back.
 * A frozen account changes where it returns to, of which nobody needs to be told. Null: no change.
 */
export function withDebt(account: Account, owes: boolean): Account | null {
  const { status, statusBeforeFreeze, limitedFor } = account;
  const effective = statusBeforeFreeze ?? status;
  const next = owes
    ? effective === 'ACTIVE' && ({ to: 'LIMITED', limitedFor: 'DEBT' } as const)
    : effective === 'LIMITED' &&
      limitedFor === 'DEBT' &&
      ({ to: 'ACTIVE', limitedFor: null } as const);
  if (!next) return null;
  if (status === 'FROZEN') {
    return { ...account, statusBeforeFreeze: next.to, limitedFor: next.limitedFor };
  }
  return changed(account, { status: next.to, limitedFor: next.limitedFor });
}

const changed = (account: Account, change: Partial<Account>): Account => ({
  ...account,
  ...change,
  version: account.version + 1,
});

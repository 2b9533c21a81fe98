import { type Currency, isCurrency } from '@simplebank/kernel/money';
import type { Reader, Tx } from '../../data/client.ts';
import type { Account, AccountStatus, Change, LimitedFor } from '../domain/account.ts';

const withOwners = {
  owners: { select: { customerId: true }, orderBy: { customerId: 'asc' } },
} as const;

/** Null sees every account (staff, and the bank itself). */
export type Sight = string | null;
export type IdLookup = { readonly ids: readonly string[]; readonly visibleTo: Sight };

/** Answers in the order of `ids`; unknown and foreign ids answer null. */
export async function findAccounts(db: Reader, { ids, visibleTo }: IdLookup) {
  const where = { id: { in: [...ids] }, ...ownedBy(visibleTo) };
  const rows = await db.account.findMany({ where, include: withOwners });
  const byId = new Map(rows.map((row) => [row.id, toAccount(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

export type NumberLookup = { readonly number: bigint; readonly visibleTo: Sight };

/** Null for an unknown or foreign number. */
export async function findAccountByNumber(db: Reader, { number, visibleTo }: NumberLookup) {
  const where = { number, ...ownedBy(visibleTo) };
  const row = await db.account.findFirst({ where, include: withOwners });
  return row && toAccount(row);
}

/** Oldest first; bounded by how many accounts one customer may own. */
export async function listOwned(db: Reader, customerId: string): Promise<Account[]> {
  const where = ownedBy(customerId);
  const orderBy = { number: 'asc' } as const;
  const rows = await db.account.findMany({ where, include: withOwners, orderBy });
  return rows.map(toAccount);
}

const ownedBy = (customerId: Sight) =>
  customerId === null ? {} : { owners: { some: { customerId } } };

/** Answers those of `ids` that are customers, locked so that their accounts can be counted. */
export async function lockCustomers(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* accounts.lock-customers */
    SELECT id::text FROM customer WHERE id = ANY(${[...ids]}::uuid[])
    ORDER BY id FOR NO KEY UPDATE`;
  return rows.map(({ id }) => id);
}

/** Accounts per customer that are not closed for good. */
export async function countAccounts(tx: Tx, customerIds: readonly string[]) {
  const rows = await tx.accountOwner.groupBy({
    by: ['customerId'],
    where: {
      customerId: { in: [...customerIds] },
      account: { status: { notIn: ['CLOSED', 'REJECTED'] } },
    },
    _count: true,
  });
  return new Map(rows.map((row) => [row.customerId, row._count]));
}

/** Gives the account its number. */
export async function insertAccount(tx: Tx, account: Omit<Account, 'number'>): Promise<Account> {
  const { ownerIds, ...data } = account;
  const row = await tx.account.create({
    data: { ...data, owners: { create: ownerIds.map((customerId) => ({ customerId })) } },
  });
  const { id: accountId, status: toStatus, createdAt: at } = row;
  const opened = { fromStatus: 'NONE', trigger: 'OPEN', toStatus, reason: 'OPEN', at };
  await tx.accountStatusChange.create({ data: { accountId, ...opened } });
  return toAccount({ ...row, owners: ownerIds.map((customerId) => ({ customerId })) });
}

export type ChangeToSave = Change & { readonly reason: string; readonly at: Date };

/**
 * The row and its history move together. Throws when somebody else changed the row in between:
 * its ledger row was not locked first.
 */
export async function saveChange(tx: Tx, before: Account, change: ChangeToSave): Promise<void> {
  const { account: after, trigger, reason, at } = change;
  const { status, statusBeforeFreeze, limitedFor, version } = after;
  const { count } = await tx.account.updateMany({
    where: { id: before.id, version: before.version, status: before.status },
    data: {
      ...{ status, statusBeforeFreeze, limitedFor, version },
      ...(trigger ? { changedBy: trigger } : {}),
    },
  });
  if (count !== 1) throw new Error(`account ${before.id} was changed without its lock`);
  if (!trigger) return;
  const states = { fromStatus: before.status, trigger, toStatus: status };
  await tx.accountStatusChange.create({ data: { accountId: after.id, ...states, reason, at } });
}

/** Accounts of a customer that wait for their owners' verification. */
export async function listWaiting(tx: Tx, customerId: string): Promise<string[]> {
  const rows = await tx.account.findMany({
    where: {
      ...ownedBy(customerId),
      // One that is being submitted at this moment is seen as ONBOARDING until we hold its lock.
      status: { in: ['ONBOARDING', 'SUBMITTED', 'ACTION_REQUIRED'] },
    },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id }) => id);
}

export async function saveName(tx: Tx, id: string, name: string): Promise<void> {
  await tx.account.update({ where: { id }, data: { name } });
}

type Row = {
  readonly id: string;
  readonly number: bigint;
  readonly name: string;
  readonly currency: string;
  readonly status: string;
  readonly statusBeforeFreeze: string | null;
  readonly limitedFor: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly owners: readonly { readonly customerId: string }[];
};

const toAccount = ({ owners, ...row }: Row): Account => ({
  id: row.id,
  number: row.number.toString(),
  name: row.name,
  currency: currencyOf(row),
  status: row.status as AccountStatus,
  statusBeforeFreeze: row.statusBeforeFreeze as AccountStatus | null,
  limitedFor: row.limitedFor as LimitedFor | null,
  ownerIds: owners.map(({ customerId }) => customerId),
  version: row.version,
  createdAt: row.createdAt,
});

function currencyOf({ id, currency }: Pick<Row, 'id' | 'currency'>): Currency {
  if (isCurrency(currency)) return currency;
  throw new Error(`account ${id} has unknown currency ${currency}`);
}

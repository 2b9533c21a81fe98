import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, isCurrency } from '@simplebank/kernel/money';
import type { Reader, Tx } from '../../data/client.ts';
import type { Balances } from '../domain/balances.ts';

type Row = {
  readonly id: bigint;
  readonly kind: string;
  readonly account_id: string;
  readonly currency: string;
  readonly posted: string;
  readonly held: string;
  readonly unsettled: string;
};

/** A new account begins with empty cash and no debt. */
export async function openLedgerAccounts(
  tx: Tx,
  { id, currency }: { readonly id: string; readonly currency: Currency },
): Promise<void> {
  const empty = { accountId: id, currency, posted: 0, held: 0, unsettled: 0 };
  await tx.ledgerAccount.createMany({
    data: [
      { ...empty, kind: 'cash' },
      { ...empty, kind: 'debt' },
    ],
  });
}

/**
 * Locks the money of these accounts in ledger-account-id order and answers it by account; accounts
 * that do not exist are left out. Everything that spends money or depends on an account's state
 * takes this lock first. It does not hinder entries of others, which only refer to the rows.
 */
export async function lockBalances(tx: Tx, accountIds: readonly string[]) {
  const rows = await tx.$queryRaw<Row[]>`/* ledger.lock-balances */
    SELECT id, kind, account_id::text, currency,
           posted::text, held::text, unsettled::text
    FROM ledger_account WHERE account_id = ANY(${[...new Set(accountIds)]}::uuid[])
    ORDER BY id FOR NO KEY UPDATE`;
  return byAccount(rows);
}

/** Answers in the order of `accountIds`. Throws for an account without a ledger. */
export async function findBalances(db: Reader, accountIds: readonly string[]): Promise<Balances[]> {
  const rows = await db.$queryRaw<Row[]>`/* ledger.find-balances */
    SELECT id, kind, account_id::text, currency,
           posted::text, held::text, unsettled::text
    FROM ledger_account WHERE account_id = ANY(${[...accountIds]}::uuid[])`;
  const found = byAccount(rows);
  return accountIds.map((id) => {
    const balances = found.get(id);
    if (!balances) throw new Error(`account ${id} has no ledger accounts`);
    return balances;
  });
}

function byAccount(rows: readonly Row[]): Map<string, Balances> {
  const debts = new Map(rows.filter(({ kind }) => kind === 'debt').map((r) => [r.account_id, r]));
  const cash = rows.filter(({ kind }) => kind === 'cash');
  return new Map(cash.map((row) => [row.account_id, toBalances(row, debts.get(row.account_id))]));
}

function toBalances(cash: Row, debt: Row | undefined): Balances {
  const { account_id: accountId, currency } = cash;
  if (!debt || !isCurrency(currency)) throw new Error(`ledger of account ${accountId} is broken`);
  return {
    accountId,
    currency,
    cashId: cash.id,
    debtId: debt.id,
    posted: new Decimal(cash.posted),
    held: new Decimal(cash.held),
    unsettled: new Decimal(cash.unsettled),
    owed: new Decimal(debt.posted).negated(),
  };
}

import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import type { Reader, Tx } from '../../data/client.ts';
import type { Statement } from '../domain/statement.ts';

const headOnly = { json: true, csv: true } as const;

export type StatementPage = {
  readonly accountId: string;
  /** Older than this month; null for the newest. */
  readonly before: string | null;
  readonly limit: number;
};

/** Newest first, without their texts, which may be long. */
export async function listStatements(
  db: Reader,
  { accountId, before, limit }: StatementPage,
): Promise<Statement[]> {
  const rows = await db.statement.findMany({
    where: { accountId, ...(before === null ? {} : { month: { lt: before } }) },
    orderBy: { month: 'desc' },
    take: limit,
    omit: headOnly,
  });
  return rows.map(toStatement);
}

export type StatementKey = { readonly accountId: string; readonly month: string };

export async function findStatement(
  db: Reader,
  { accountId, month }: StatementKey,
): Promise<Statement | null> {
  const where = { accountId_month: { accountId, month } };
  const row = await db.statement.findUnique({ where, omit: headOnly });
  return row && toStatement(row);
}

export type StatementTexts = { readonly json: string; readonly csv: string };

/** In the order of the keys, as DataLoader requires. Throws for one that is not there. */
export async function findTexts(db: Reader, keys: readonly StatementKey[]) {
  const rows = await db.statement.findMany({
    where: { OR: keys.map(({ accountId, month }) => ({ accountId, month })) },
    select: { accountId: true, month: true, json: true, csv: true },
  });
  const nameOf = ({ accountId, month }: StatementKey) => `${accountId}:${month}`;
  const byName = new Map(rows.map((row) => [nameOf(row), row]));
  return keys.map((key): StatementTexts => {
    const found = byName.get(nameOf(key));
    if (found) return found;
    throw new Error(`statement ${nameOf(key)} is not there`);
  });
}

export async function insertStatement(tx: Tx, statement: Statement & StatementTexts) {
  const { opening, closing, owed, ...row } = statement;
  const amounts = { opening: opening.toFixed(), closing: closing.toFixed(), owed: owed.toFixed() };
  await tx.statement.create({ data: { ...row, ...amounts } });
}

/** The newest statement of an account. */
export async function findLast(tx: Tx, accountId: string): Promise<Statement | null> {
  return (await listStatements(tx, { accountId, before: null, limit: 1 }))[0] ?? null;
}

type Amounts = 'opening' | 'closing' | 'owed';
type Row = Omit<Statement, Amounts | 'currency'> & {
  readonly [Amount in Amounts]: { toFixed(): string };
} & { readonly currency: string };

function toStatement({ currency, opening, closing, owed, ...row }: Row): Statement {
  if (!isCurrency(currency)) throw new Error(`statement of ${row.accountId} in ${currency}`);
  const amounts = {
    opening: new Decimal(opening.toFixed()),
    closing: new Decimal(closing.toFixed()),
  };
  return { ...row, ...amounts, currency, owed: new Decimal(owed.toFixed()) };
}

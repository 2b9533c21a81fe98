import { createHash } from 'node:crypto';
import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { monthAfter, monthStart } from '@simplebank/kernel/month';
import { accountsById } from '../../accounts/index.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { statementReady } from '../../events/published.ts';
import { type Balances, listForStatement, lockBalances, sumFrom } from '../../ledger/index.ts';
import { findClosedMonth, firstRequested, keepClosedMonths } from '../data/months.ts';
import { findLast, insertStatement } from '../data/statements.ts';
import { type Closing, draft, type Statement } from '../domain/statement.ts';
import { statementCsv } from '../domain/statement-csv.ts';

export type MonthAnswer = Closing & {
  readonly accountId: string;
  readonly month: string;
  readonly cause: Cause;
};
type Bank = Pick<Deps, 'clock' | 'newId'>;

/**
 * Keeps what holdings says of ended months and writes the statements that can be written now: each
 * when the one before exists, whatever order the answers come in. The accounts are locked first, so
 * nothing is booked on them meanwhile. One by one: it happens twelve times a year.
 */
export async function writeStatements(deps: Bank, tx: Tx, answers: readonly MonthAnswer[]) {
  const ids = [...new Set(answers.map(({ accountId }) => accountId))];
  const balances = await lockBalances(tx, ids);
  const receivedAt = deps.clock.now();
  const kept = answers.map(({ accountId, month, cause: _, ...closing }) => ({
    ...{ accountId, month, receivedAt, body: JSON.stringify(closing) },
  }));
  await keepClosedMonths(tx, kept);
  const causes = new Map(answers.map(({ accountId, cause }) => [accountId, cause]));
  const numbers = await accountsById(tx, ids);
  for (const [accountId, cause] of causes) {
    const [account, locked] = [numbers.get(accountId), balances.get(accountId)];
    if (!account || !locked) throw new Error(`there is no account ${accountId}`);
    while (await writeNext(deps, tx, { account, balances: locked, cause })) {
      // Until a month is missing.
    }
  }
}

type Wish = {
  readonly account: { readonly id: string; readonly number: string };
  readonly balances: Balances;
  readonly cause: Cause;
};

/** False when the next month has not ended or was not answered yet. */
async function writeNext(deps: Bank, tx: Tx, { account, balances, cause }: Wish): Promise<boolean> {
  const { id: accountId, number } = account;
  const last = await findLast(tx, accountId);
  const month = last ? monthAfter(last.month) : await firstRequested(tx, accountId);
  const body = month && (await findClosedMonth(tx, { accountId, month }));
  if (!month || !body) return false;

  const before = monthStart(monthAfter(month));
  const after = last && { at: monthStart(month), through: last.throughActivity };
  const lines = await listForStatement(tx, { accountId, before, after });
  const about = { id: accountId, number, currency: balances.currency };
  const closing = JSON.parse(body) as Closing;
  const drafted = draft({ account: about, month, previous: last, lines, closing });
  const { document, ...head } = drafted;
  await expectLedger(tx, { balances, closing: head.closing, before });

  const json = JSON.stringify(document);
  const sha256 = createHash('sha256').update(json).digest('hex');
  const statement: Statement = { ...head, sha256, createdAt: deps.clock.now() };
  await insertStatement(tx, { ...statement, json, csv: statementCsv(document) });
  await publish(tx, deps, [statementReady(statement, cause)]);
  return true;
}

type Proof = { readonly balances: Balances; readonly before: Date } & Pick<Statement, 'closing'>;

/** Law 9: the closing is what the ledger had then. Throws: a statement that lies is not written. */
async function expectLedger(tx: Tx, { balances, closing, before }: Proof): Promise<void> {
  const { accountId, posted } = balances;
  const since = await sumFrom(tx, accountId, before);
  const then = posted.minus(since);
  if (then.equals(closing)) return;
  const figures = `${closing.toFixed()}, the ledger says ${then.toFixed()}`;
  throw new Error(`the statement of account ${accountId} closes with ${figures}`);
}

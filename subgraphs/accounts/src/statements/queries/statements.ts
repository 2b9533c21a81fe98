import { type PageArguments, pageAsked, toConnection } from '@simplebank/chassis/connections';
import { isMonth } from '@simplebank/kernel/month';
import { accountBy } from '../../accounts/index.ts';
import type { Context } from '../../context.ts';
import type { Reader } from '../../data/client.ts';
import { findStatement, listStatements } from '../data/statements.ts';
import type { Document, Statement } from '../domain/statement.ts';

const readMonth = ([text]: readonly unknown[]): string | null =>
  typeof text === 'string' && isMonth(text) ? text : null;

/** Statements of an account, newest first. Throws BAD_INPUT for a page out of bounds. */
export async function statementsOf(db: Reader, accountId: string, page: PageArguments) {
  const { first, after } = pageAsked(page, readMonth);
  const rows = await listStatements(db, { accountId, before: after, limit: first + 1 });
  return toConnection(rows, { first, placeOf: ({ month }) => [month] });
}

type Asker = Pick<Context, 'db' | 'viewer' | 'loaders'>;

/** Null for an account that the viewer does not see and for a month without a statement. */
export async function statementBy(
  context: Asker,
  { accountId, month }: { readonly accountId: string; readonly month: string },
): Promise<Statement | null> {
  const account = isMonth(month) ? await accountBy(context, accountId) : null;
  return account && findStatement(context.db, { accountId: account.id, month });
}

/** What was written down. */
export async function documentOf({ loaders }: Asker, statement: Statement): Promise<Document> {
  return JSON.parse((await loaders.statementTexts.load(statement)).json) as Document;
}

const readPlace = ([index]: readonly unknown[]): number | null =>
  typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : null;

/** Entries in the order of their booking. Throws BAD_INPUT for a page out of bounds. */
export async function entriesOf(asker: Asker, statement: Statement, page: PageArguments) {
  const { first, after } = pageAsked(page, readPlace);
  const begin = after === null ? 0 : after + 1;
  const { entries } = await documentOf(asker, statement);
  const rows = entries.slice(begin, begin + first + 1).map((entry, index) => ({
    ...entry,
    place: begin + index,
  }));
  return toConnection(rows, { first, placeOf: ({ place }) => [place] });
}

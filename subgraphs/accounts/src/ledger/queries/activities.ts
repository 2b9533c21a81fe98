import {
  type PageArguments,
  pageAsked,
  timePlace,
  toConnection,
} from '@simplebank/chassis/connections';
import { csvOf } from '@simplebank/kernel/csv';
import { isCurrency, type Money, money, moneyText } from '@simplebank/kernel/money';
import type { Reader } from '../../data/client.ts';
import type { AccountStatus } from '../../generated/graphql.ts';
import {
  type ActivityFilter,
  type ActivityPlace,
  type ActivityRow,
  listActivities,
} from '../data/activities.ts';

/** Of a text of comma-separated values; a row has some 200 bytes. */
export const csvRows = { usual: 1_000, max: 5_000 } as const;

export type ActivitiesAsked = PageArguments & { readonly filter: ActivityFilter };

/** What happened on an account, newest first. Throws BAD_INPUT for a page out of bounds. */
export async function activitiesOf(db: Reader, accountId: string, asked: ActivitiesAsked) {
  const { first, after } = pageAsked(asked, readPlace);
  const page = { ...asked.filter, accountId, before: after, limit: first + 1 };
  return toConnection((await listActivities(db, page)).map(shown), { first, placeOf });
}

/** The same as text, up to 5,000 rows at once. Throws BAD_INPUT for a page out of bounds. */
export async function activitiesCsvOf(db: Reader, accountId: string, asked: ActivitiesAsked) {
  const { first, after } = pageAsked(asked, readPlace, csvRows.max);
  const page = { ...asked.filter, accountId, before: after, limit: first + 1 };
  const found = (await listActivities(db, page)).map(shown);
  const { nodes, pageInfo } = toConnection(found, { first, placeOf });
  return { csv: csvOf([csvHead, ...nodes.map(csvRow)]), rows: nodes.length, ...pageInfo };
}

const placeOf = ({ at, id }: Pick<Shown, 'at' | 'id'>) => [at.toISOString(), id];

const entryNumber = /^[1-9]\d{0,17}$/;

function readPlace([at, id]: readonly unknown[]): ActivityPlace | null {
  const instant = timePlace(at);
  if (instant === null || typeof id !== 'string' || !entryNumber.test(id)) return null;
  return { at: instant, id: BigInt(id) };
}

type Shown = ReturnType<typeof shown>;

/** An activity as callers see it. */
export function shown({ id, amount, value, currency, status, ...row }: ActivityRow) {
  if (!isCurrency(currency)) throw new Error(`activity ${id} is in ${currency}`);
  return {
    ...row,
    id: id.toString(),
    status: status as AccountStatus | null,
    amount: money(amount, currency),
    value: value && money(value, currency),
  };
}

const csvHead = [
  ...['at', 'kind', 'amount', 'currency', 'value', 'symbol', 'quantity', 'status'],
  ...['orderId', 'executionId', 'paymentId', 'transactionId', 'id'],
];

const csvRow = (row: Shown): (string | null)[] => [
  row.at.toISOString(),
  row.kind,
  moneyText(row.amount),
  row.amount.currency,
  textOf(row.value),
  row.symbol,
  row.quantity?.toFixed() ?? null,
  row.status,
  row.orderId,
  row.executionId,
  row.paymentId,
  row.transactionId,
  row.id,
];

const textOf = (value: Money | null): string | null => value && moneyText(value);

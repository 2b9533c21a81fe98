import {
  numberPlace,
  type PageArguments,
  pageAsked,
  toConnection,
} from '@simplebank/chassis/connections';
import { isCurrency, money } from '@simplebank/kernel/money';
import type { Reader } from '../../data/client.ts';
import { type ActivityRow, listActivities } from '../data/activities.ts';

const kinds = [
  'DEPOSIT',
  'WITHDRAWAL',
  'BUY',
  'SALE',
  'DEBT',
  'DEBT_REPAID',
  'CORRECTION',
] as const;

/** What moved the money of an account, newest first. Throws BAD_INPUT for a page out of bounds. */
export async function activitiesOf(db: Reader, accountId: string, page: PageArguments) {
  const { first, after } = pageAsked(page, numberPlace);
  const rows = await listActivities(db, { accountId, before: after, limit: first + 1 });
  return toConnection(rows.map(toActivity), { first, placeOf: ({ id }) => [id] });
}

function toActivity({ id, kind, amount, currency, at, orderId, paymentId }: ActivityRow) {
  const known = kinds.find((name) => name === kind);
  if (!known || !isCurrency(currency)) throw new Error(`entry ${id} is no activity: ${kind}`);
  return {
    id: id.toString(),
    kind: known,
    amount: money(amount, currency),
    at,
    orderId,
    paymentId,
  };
}

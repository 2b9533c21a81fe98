import { isCurrency, money } from '@simplebank/kernel/money';
import type { Reader } from '../../data/client.ts';
import { newest, type PageAsk, pageOf } from '../../queries/page.ts';
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

/** What moved the money of an account, newest first. */
export async function activitiesOf(db: Reader, accountId: string, ask: PageAsk) {
  const { limit, before } = newest(ask);
  const rows = await listActivities(db, { accountId, before, limit: limit + 1 });
  return pageOf(rows.map(toActivity), { limit, cursorOf: ({ id }) => id });
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

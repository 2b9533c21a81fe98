import {
  numberPlace,
  type PageArguments,
  pageAsked,
  toConnection,
} from '@simplebank/chassis/connections';
import { parseIdOrNumber } from '@simplebank/kernel/ids';
import type { Context } from '../../context.ts';
import { findPayment, listPayments } from '../data/payments.ts';
import type { Payment } from '../domain/payment.ts';

type Asker = Pick<Context, 'db' | 'loaders'>;

/** By UUID or public number; null when it is unknown, foreign or no id at all. */
export async function paymentBy({ db, loaders }: Asker, text: string): Promise<Payment | null> {
  const wanted = parseIdOrNumber(text);
  const payment = wanted && (await findPayment(db, wanted));
  // Whoever does not see the account does not see its payments.
  return payment && (await loaders.accounts.load(payment.accountId)) ? payment : null;
}

/** Payments of one account, newest first. Throws BAD_INPUT for a page out of bounds. */
export async function paymentsOf(
  { db }: Pick<Context, 'db'>,
  accountId: string,
  page: PageArguments,
) {
  const { first, after } = pageAsked(page, numberPlace);
  const payments = await listPayments(db, { accountId, before: after, limit: first + 1 });
  return toConnection(payments, { first, placeOf: ({ number }) => [number] });
}

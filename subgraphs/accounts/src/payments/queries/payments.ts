import { parseIdOrNumber } from '@simplebank/kernel/ids';
import type { Context } from '../../context.ts';
import { newest, type PageAsk, pageOf } from '../../queries/page.ts';
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

/** Payments of one account, newest first. */
export async function paymentsOf({ db }: Pick<Context, 'db'>, accountId: string, ask: PageAsk) {
  const { limit, before } = newest(ask);
  const payments = await listPayments(db, { accountId, before, limit: limit + 1 });
  return pageOf(payments, { limit, cursorOf: ({ number }) => number });
}

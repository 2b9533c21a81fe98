import {
  numberPlace,
  type PageArguments,
  pageAsked,
  toConnection,
} from '@simplebank/chassis/connections';
import { parseIdOrNumber } from '@simplebank/kernel/ids';
import type { Context } from '../../context.ts';
import { findPayment, listPayments } from '../data/payments.ts';
import type { Payment, PaymentKind, PaymentStatus } from '../domain/payment.ts';

type Asker = Pick<Context, 'db' | 'loaders'>;

/** By UUID or public number; null when it is unknown, foreign or no id at all. */
export async function paymentBy({ db, loaders }: Asker, text: string): Promise<Payment | null> {
  const wanted = parseIdOrNumber(text);
  const payment = wanted && (await findPayment(db, wanted));
  // Whoever does not see the account does not see its payments.
  return payment && (await loaders.accounts.load(payment.accountId)) ? payment : null;
}

export type PaymentsAsked = PageArguments & {
  readonly kinds?: readonly PaymentKind[] | null | undefined;
  readonly statuses?: readonly PaymentStatus[] | null | undefined;
};

/** Payments of one account, newest first. Throws BAD_INPUT for a page out of bounds. */
export async function paymentsOf(
  { db }: Pick<Context, 'db'>,
  accountId: string,
  { kinds = null, statuses = null, ...page }: PaymentsAsked,
) {
  const { first, after } = pageAsked(page, numberPlace);
  const narrowed = { kinds: kinds && once(kinds), statuses: statuses && once(statuses) };
  const asked = { accountId, before: after, limit: first + 1, ...narrowed };
  const payments = await listPayments(db, asked);
  return toConnection(payments, { first, placeOf: ({ number }) => [number] });
}

/** However often a value is named, it narrows once. */
const once = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

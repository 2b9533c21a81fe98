import type { Deps } from '../../deps.ts';
import {
  availableOf,
  type Balances,
  dividendLegs,
  issuerLegs,
  repayDebt,
  type Transaction,
} from '../../ledger/index.ts';
import type { Payment } from '../data/entitlements.ts';
import { type DueDividend, debtOf, differenceOf, nameOf } from '../domain/dividend.ts';

export type Paid = {
  readonly dividend: DueDividend;
  readonly payment: Omit<Payment, 'paidOn'>;
  readonly transactions: readonly Transaction[];
  /** The money of the account afterwards. */
  readonly balances: Balances;
};

type Place = { readonly balances: Balances; readonly at: Date };

/**
 * The two facts of a dividend (domain §2.5): to the customer, from the issuer; and what of it
 * repays debt at once. Nothing but the version when what is due was paid before.
 */
export function bookDividend(
  { newId }: Pick<Deps, 'newId'>,
  dividend: DueDividend,
  { balances, at }: Place,
): Paid {
  const { actionId, accountId, version, currency, symbol, quantity } = dividend;
  const amount = differenceOf(dividend);
  const key = { actionId, accountId, version, amount };
  if (amount.isZero()) {
    const payment = { ...key, transactionId: null, issuerTransactionId: null };
    return { dividend, payment, transactions: [], balances };
  }
  const debt = debtOf(amount, availableOf(balances));
  const name = `${nameOf(dividend)}:${version}`;
  const header = { kind: 'DIVIDEND', at, currency } as const;
  const noLinks = { orderId: null, executionId: null, paymentId: null };
  const toCustomer: Transaction = {
    ...{ ...header, ...noLinks, id: newId(), reference: `dividend:${name}` },
    ...{ legs: dividendLegs(balances, { amount, debt }), shares: { symbol, quantity } },
  };
  const fromIssuer: Transaction = {
    ...{ ...header, ...noLinks, id: newId(), reference: `dividend-issuer:${name}` },
    legs: issuerLegs(amount),
  };
  const booked = {
    ...balances,
    posted: balances.posted.plus(amount).plus(debt),
    owed: balances.owed.plus(debt),
  };
  const repaid = repayDebt(booked, { ...noLinks, id: newId(), at, by: `dividend:${name}` });
  const ids = { transactionId: toCustomer.id, issuerTransactionId: fromIssuer.id };
  return {
    dividend,
    payment: { ...key, ...ids },
    transactions: [toCustomer, fromIssuer, ...(repaid ? [repaid.transaction] : [])],
    balances: repaid?.balances ?? booked,
  };
}

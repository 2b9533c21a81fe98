import { Decimal } from '@simplebank/kernel/decimal';
import { availableOf, type Balances } from './balances.ts';
import { debtRepaidLegs, type Transaction } from './transaction.ts';

export type Repaid = { readonly transaction: Transaction; readonly balances: Balances };
type Header = Pick<Transaction, 'id' | 'at' | 'orderId' | 'executionId' | 'paymentId'> & {
  /** What made the money available; part of the transaction's reference. */
  readonly by: string;
};

/**
 * Nobody owes the bank while money lies free: whatever becomes available repays debt at once, as
 * far as it goes (domain §2.4). Proceeds of sales do so before they settle: they may not leave the
 * bank, and this does not leave it; and an account would end with other figures if a sale that is
 * reported before a late fill paid it while one reported after it did not. Null: nothing to repay.
 */
export function repayDebt(balances: Balances, { by, ...header }: Header): Repaid | null {
  const amount = Decimal.min(balances.owed, availableOf(balances));
  if (!amount.isPositive() || amount.isZero()) return null;
  const { currency } = balances;
  const about = { currency, kind: 'DEBT_REPAID', reference: `debt-repaid:${by}` } as const;
  return {
    transaction: { ...header, ...about, legs: debtRepaidLegs(balances, amount) },
    balances: {
      ...balances,
      posted: balances.posted.minus(amount),
      owed: balances.owed.minus(amount),
    },
  };
}

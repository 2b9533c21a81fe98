import { type Decimal, zero } from '@simplebank/kernel/decimal';
import type { CommissionPlan } from './domain/fee-schedule.ts';
import {
  type CommissionTerms,
  commissionOn,
  type Fees,
  feesOn,
  minus,
  noFees,
  tradeValueOf,
} from './domain/fees.ts';

/** The door for auditors (`npm run verify`): the fee rules, without a database or a process. */
export { type CommissionPlan, isCommissionPlan } from './domain/fee-schedule.ts';
export { type Fees, totalOf } from './domain/fees.ts';

/** An order of one trade date, created on that date, with its executions in their order. */
export type FilledOrder = {
  readonly plan: CommissionPlan;
  readonly side: 'BUY' | 'SELL';
  readonly tradeDate: string;
  readonly fills: readonly { readonly quantity: Decimal; readonly price: Decimal }[];
};

const termsOn = (plan: CommissionPlan, date: string): CommissionTerms => ({
  plan,
  date,
  currency: 'USD',
});

/** What each fill is charged, in USD: the growth of the fees on the running totals. */
export function chargeFills({ plan, side, tradeDate, fills }: FilledOrder): readonly Fees[] {
  const terms = termsOn(plan, tradeDate);
  let [quantity, gross, before] = [zero, zero, noFees];
  return fills.map((fill) => {
    quantity = quantity.plus(fill.quantity);
    gross = gross.plus(fill.quantity.times(fill.price));
    const after = feesOn({ side, terms, gross, days: [{ tradeDate, quantity, gross }] });
    const charged = minus(after, before);
    before = after;
    return charged;
  });
}

/** What a buy by amount, in USD, spends on shares and on commission. */
export function spend(amount: Decimal, plan: CommissionPlan, date: string) {
  const terms = termsOn(plan, date);
  const tradeValue = tradeValueOf(amount, terms);
  return { tradeValue, fee: commissionOn(tradeValue, terms) };
}

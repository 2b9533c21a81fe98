import { Decimal } from '@simplebank/kernel/decimal';
import { priceDecimals, quantityDecimals } from '@simplebank/kernel/money';
import {
  type CommissionPlan,
  chargeFills,
  type Fees,
  isCommissionPlan,
  spend,
  totalOf,
} from '@simplebank/orders/verify';
import { z } from 'zod';
import { type Case, casesOf, type Fields, type Verdict, verdict } from './cases.ts';
import { amountText, caseOf, decimal, listOf, localDate, must, positive } from './formats.ts';

const cents = 2;

const plan = z.custom<CommissionPlan>(
  (name) => typeof name === 'string' && isCommissionPlan(name),
  must('a commission plan of the bank'),
);

const fill = caseOf({
  quantity: positive(quantityDecimals),
  price: positive(priceDecimals),
  sec: decimal,
  taf: decimal,
  commission: decimal,
});

const example = caseOf({
  plan,
  side: z.enum(['BUY', 'SELL'], must('BUY or SELL')),
  tradeDate: localDate,
  fills: listOf(fill).min(1, 'must have a fill'),
  total: decimal,
});

const notionalExample = caseOf({
  amount: positive(cents),
  tradeDate: localDate,
  plan,
  tradeValue: decimal,
  fee: decimal,
});

const shown = ({ sec, taf, commission }: Fees) => ({
  sec: amountText(sec, cents),
  taf: amountText(taf, cents),
  commission: amountText(commission, cents),
});

function judgeOrder({ id, given }: Case<z.infer<typeof example>>): Verdict {
  const charged = chargeFills(given);
  const total = Decimal.sum(...charged.map(totalOf));
  return verdict(
    id,
    { fills: given.fills.map(shown), total: amountText(given.total, cents) },
    { fills: charged.map(shown), total: amountText(total, cents) },
  );
}

function judgeAmount({ id, given }: Case<z.infer<typeof notionalExample>>): Verdict {
  const { tradeValue, fee } = spend(given.amount, given.plan, given.tradeDate);
  const text = (value: Decimal) => amountText(value, cents);
  return verdict(
    id,
    { tradeValue: text(given.tradeValue), fee: text(given.fee) },
    { tradeValue: text(tradeValue), fee: text(fee) },
  );
}

const amountName = ({ amount, plan, tradeDate }: Fields) =>
  `amount ${String(amount)} ${String(plan)} ${String(tradeDate)}`;

/** Fees by the bank's own tables; tables that the file brings along are not read. */
export const fees = (file: Fields): readonly Verdict[] => [
  ...casesOf(file, { list: 'examples', schema: example }).map(judgeOrder),
  ...casesOf(file, { list: 'notionalExamples', schema: notionalExample, nameOf: amountName }).map(
    judgeAmount,
  ),
];

import { allocate } from '@simplebank/kernel/allocate';
import { type Decimal, decimalsOf, zero } from '@simplebank/kernel/decimal';
import { isBelowMinimum, splitAmount } from '@simplebank/strategies/verify';
import { z } from 'zod';
import { type Case, casesOf, type Fields, type Verdict, verdict } from './cases.ts';
import { cashFlow } from './cash-flow.ts';
import {
  amountText,
  caseOf,
  decimal,
  listOf,
  must,
  notNegative,
  positive,
  whole,
} from './formats.ts';
import { amounts, currency, name, rowsText, sliceOf, targets } from './portfolio.ts';

const notBelowZero = whole.refine((value) => value >= 0n, 'must not be negative');

const raw = caseOf({
  total: notBelowZero,
  weights: listOf(caseOf({ key: name, weight: notBelowZero })).refine(
    (weights) => new Set(weights.map(({ key }) => key)).size === weights.length,
    'must not name a key twice',
  ),
  parts: listOf(whole),
}).refine(({ total, weights }) => total === 0n || weights.some(({ weight }) => weight > 0n), {
  error: 'must have a weight above zero to give the total to',
  path: ['weights'],
});

/** Numbers again, as the files write them, while they lose nothing. */
const shownUnits = (parts: readonly bigint[]) =>
  parts.map((part) => (Number.isSafeInteger(Number(part)) ? Number(part) : part.toString()));

const judgeRaw = ({ id, given }: Case<z.infer<typeof raw>>): Verdict =>
  verdict(id, shownUnits(given.parts), shownUnits(allocate(given.total, given.weights)));

const currencyDecimalsMax = 4;

const strategyOrder = caseOf({
  amount: positive(currencyDecimalsMax),
  currency,
  targets,
  minimumOrder: notNegative(currencyDecimalsMax).optional(),
  orders: amounts,
  skipped: listOf(
    caseOf({ asset: name, amount: decimal, reason: z.string(must('a reason')) }),
  ).default([]),
  cash: decimal.optional(),
}).refine(({ amount, currency }) => decimalsOf(amount) <= currency.digits, {
  error: 'must have no more decimals than its currency',
  path: ['amount'],
});

/** Every asset counts as tradable; without a minimum the bank's own holds. */
function judgeStrategyOrder({ id, given }: Case<z.infer<typeof strategyOrder>>): Verdict {
  const { digits } = given.currency;
  const { parts, cash } = splitAmount(given.amount, given.targets.map(sliceOf), digits);
  const told = parts.map(({ assetId, amount }) => ({ asset: assetId, amount }));
  const isSkipped = ({ amount }: { amount: Decimal }) => isBelowMinimum(amount, given.minimumOrder);
  const skipped = told.filter(isSkipped).map((part) => ({ ...part, reason: 'BELOW_MINIMUM' }));
  const ordered = told.filter((part) => !isSkipped(part));
  return verdict(
    id,
    {
      orders: rowsText(given.orders, digits),
      skipped: rowsText(given.skipped, digits),
      cash: amountText(given.cash ?? zero, digits),
    },
    {
      orders: rowsText(ordered, digits),
      skipped: rowsText(skipped, digits),
      cash: amountText(cash, digits),
    },
  );
}

/** Shares of a whole, orders of a strategy and moves after a cash flow, by the bank's own rules. */
export const allocations = (file: Fields): readonly Verdict[] => [
  ...casesOf(file, { list: 'raw', schema: raw }).map(judgeRaw),
  ...casesOf(file, { list: 'strategyOrders', schema: strategyOrder }).map(judgeStrategyOrder),
  ...cashFlow(file),
];

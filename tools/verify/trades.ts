import {
  type HistoryTrade,
  type PlayedHistory,
  playTrades,
  SoldTooMuch,
} from '@simplebank/holdings/verify';
import { type Decimal, sum } from '@simplebank/kernel/decimal';
import { priceDecimals, quantityDecimals } from '@simplebank/kernel/money';
import { z } from 'zod';
import { InputProblem } from './cases.ts';
import { amountText, caseOf, listOf, localDate, must, notNegative, positive } from './formats.ts';

/** The cases name no currency: they are in dollars and cents. */
const cents = 2;

const ratioMax = 1_000_000;

const trade = caseOf({
  date: localDate,
  side: z.enum(['BUY', 'SELL'], must('BUY or SELL')),
  quantity: positive(quantityDecimals),
  price: positive(priceDecimals),
  fee: notNegative(cents),
}).transform(({ side, ...rest }): HistoryTrade => ({ kind: side, ...rest }));

const split = caseOf({
  date: localDate,
  type: z.literal('SPLIT', must('SPLIT')),
  ratio: z.string(must('a ratio such as "4/1"')).regex(/^[1-9]\d{0,6}\/[1-9]\d{0,6}$/, {
    error: 'must be a ratio such as "4/1"',
  }),
}).transform(({ date, ratio }, context): HistoryTrade => {
  const [numerator = 1, denominator = 1] = ratio.split('/').map(Number);
  if (Math.max(numerator, denominator) > ratioMax) {
    context.issues.push({ code: 'custom', message: 'must be a smaller ratio', input: ratio });
  }
  return { kind: 'SPLIT', date, numerator, denominator };
});

/** A row with a `type` is a split, any other a purchase or a sale; so a problem names its field. */
const row = z.unknown().transform((raw, context): HistoryTrade => {
  const isSplit = typeof raw === 'object' && raw !== null && 'type' in raw;
  const parsed = (isSplit ? split : trade).safeParse(raw);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    context.issues.push({ ...issue, input: raw } as (typeof context.issues)[number]);
  }
  return z.NEVER;
});

export const trades = listOf(row).min(1, 'must have a trade');

/** Throws InputProblem for a history that sells what is not there. */
export function played(id: string, history: readonly HistoryTrade[]): PlayedHistory {
  try {
    return playTrades(history);
  } catch (error) {
    if (!(error instanceof SoldTooMuch)) throw error;
    const words = `case ${id}: field trades[${error.at}].quantity must not exceed what is held`;
    throw new InputProblem(words, { cause: error });
  }
}

export const cash = (amount: Decimal): string => amountText(amount, cents);

/** What has been earned by sales, and what is left. */
export function totalsOf({ sales, lots }: PlayedHistory) {
  const matches = sales.flatMap((sale) => sale.matches);
  return {
    realisedGross: sum(matches.map(({ grossGain }) => grossGain)),
    realisedNet: sum(matches.map(({ netGain }) => netGain)),
    remainingQuantity: sum(lots.map(({ remaining }) => remaining)),
    remainingCost: sum(lots.map(({ remainingCost }) => remainingCost)),
    remainingFees: sum(lots.map(({ remainingFee }) => remainingFee)),
  };
}

import type { PlayedHistory } from '@simplebank/holdings/verify';
import { sum } from '@simplebank/kernel/decimal';
import { z } from 'zod';
import { type Case, casesOf, type Fields, type Verdict, verdict } from './cases.ts';
import { caseOf, decimal, listOf, localDate, must } from './formats.ts';
import { cash, played, totalsOf, trades } from './trades.ts';

const totals = {
  realisedGross: decimal,
  realisedNet: decimal,
  remainingQuantity: decimal,
  remainingCost: decimal,
  remainingFees: decimal,
};
const sale = caseOf({
  date: localDate,
  proceeds: decimal,
  cost: decimal,
  gross: decimal,
  net: decimal,
  shortTermGross: decimal,
  longTermGross: decimal,
});
const lot = caseOf({ acquired: localDate, quantity: decimal, cost: decimal, fee: decimal });
const method = caseOf({ ...totals, sales: listOf(sale).optional(), lots: listOf(lot).optional() });
type Method = z.infer<typeof method>;

/** What a file may expect of methods by which the bank does not take lots. */
const others = ['lifo', 'hifo', 'average'] as const;

const history = caseOf({
  trades,
  expected: z
    .strictObject(
      {
        fifo: method.optional(),
        lifo: z.unknown().optional(),
        hifo: z.unknown().optional(),
        average: z.unknown().optional(),
      },
      must('an object of methods'),
    )
    .refine((methods) => Object.keys(methods).length > 0, 'must have a method'),
});

/** In the same words; sales and lots are compared when the case tells them. */
const shown = ({
  sales,
  lots,
  remainingQuantity,
  id: _,
  note: __,
  source: ___,
  ...money
}: Method) => ({
  ...Object.fromEntries(Object.entries(money).map(([name, amount]) => [name, cash(amount)])),
  remainingQuantity: remainingQuantity.toFixed(),
  ...(sales ? { sales: sales.map(shownSale) } : {}),
  ...(lots ? { lots: lots.map(shownLot) } : {}),
});

const shownSale = (one: z.infer<typeof sale>) => ({
  date: one.date,
  proceeds: cash(one.proceeds),
  cost: cash(one.cost),
  gross: cash(one.gross),
  net: cash(one.net),
  shortTermGross: cash(one.shortTermGross),
  longTermGross: cash(one.longTermGross),
});

const shownLot = (one: z.infer<typeof lot>) => ({
  acquired: one.acquired,
  quantity: one.quantity.toFixed(),
  cost: cash(one.cost),
  fee: cash(one.fee),
});

function firstInFirstOut(book: PlayedHistory, told: Method): Method {
  const sales = book.sales.map(({ date, proceeds, matches }) => {
    const of = (term: 'SHORT' | 'LONG') => matches.filter((match) => match.term === term);
    const gross = (taken: typeof matches) => sum(taken.map(({ grossGain }) => grossGain));
    return {
      ...{ date, proceeds, cost: sum(matches.map(({ cost }) => cost)), gross: gross(matches) },
      net: sum(matches.map(({ netGain }) => netGain)),
      ...{ shortTermGross: gross(of('SHORT')), longTermGross: gross(of('LONG')) },
    };
  });
  const lots = book.lots
    .filter(({ remaining }) => !remaining.isZero())
    .map(({ acquiredOn, remaining, remainingCost, remainingFee }) => ({
      ...{ acquired: acquiredOn, quantity: remaining, cost: remainingCost, fee: remainingFee },
    }));
  return {
    ...totalsOf(book),
    ...(told.sales ? { sales } : {}),
    ...(told.lots ? { lots } : {}),
  };
}

/** A case without `fifo` fails: passing it would say that something was compared. */
function judge({ id, given }: Case<z.infer<typeof history>>): Verdict {
  const { fifo, ...rest } = given.expected;
  const notComputed = others.filter((name) => rest[name] !== undefined);
  const note = notComputed.length === 0 ? {} : { note: `not computed: ${notComputed.join(', ')}` };
  if (!fifo) return { ...verdict(id, rest, 'NOT_SUPPORTED: lots are taken by fifo only'), ...note };
  const book = played(id, given.trades);
  const compared = { fifo: shown(fifo) };
  return { ...verdict(id, compared, { fifo: shown(firstInFirstOut(book, fifo)) }), ...note };
}

/** Lots, and what sales take of them, first in, first out. */
export const lots = (file: Fields): readonly Verdict[] =>
  casesOf(file, { list: 'lots', schema: history }).map(judge);

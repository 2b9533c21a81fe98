import { sum } from '@simplebank/kernel/decimal';
import { priceDecimals, roundCash } from '@simplebank/kernel/money';
import type { z } from 'zod';
import { type Case, casesOf, type Fields, type Verdict, verdict } from './cases.ts';
import { caseOf, decimal, notNegative } from './formats.ts';
import { cash, played, totalsOf, trades } from './trades.ts';

const expected = caseOf({
  realisedGross: decimal,
  unrealisedGross: decimal,
  gross: decimal,
  fees: decimal,
  net: decimal,
  remainingQuantity: decimal,
  remainingCost: decimal,
});

const gain = caseOf({ trades, lastPrice: notNegative(priceDecimals), expected });
type Gain = z.infer<typeof gain>;
type Figures = Omit<z.infer<typeof expected>, 'id' | 'note' | 'source'>;

const shown = (figures: Figures) => ({
  realisedGross: cash(figures.realisedGross),
  unrealisedGross: cash(figures.unrealisedGross),
  gross: cash(figures.gross),
  fees: cash(figures.fees),
  net: cash(figures.net),
  remainingQuantity: figures.remainingQuantity.toFixed(),
  remainingCost: cash(figures.remainingCost),
});

/** Gross: sold and unsold alike, before fees; net: less the fees of all trades. */
function judge({ id, given }: Case<Gain>): Verdict {
  const { realisedGross, remainingCost, remainingQuantity } = totalsOf(played(id, given.trades));
  const value = roundCash(remainingQuantity.times(given.lastPrice), 'USD');
  const unrealisedGross = value.minus(remainingCost);
  const gross = realisedGross.plus(unrealisedGross);
  const fees = sum(given.trades.flatMap((trade) => (trade.kind === 'SPLIT' ? [] : [trade.fee])));
  const net = gross.minus(fees);
  const actual = { realisedGross, unrealisedGross, gross, fees, net };
  return verdict(id, shown(given.expected), shown({ ...actual, remainingQuantity, remainingCost }));
}

/** What trades of one asset have earned, sold and unsold. */
export const gains = (file: Fields): readonly Verdict[] =>
  casesOf(file, { list: 'gains', schema: gain }).map(judge);

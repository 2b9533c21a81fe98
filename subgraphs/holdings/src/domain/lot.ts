import { allocate } from '@simplebank/kernel/allocate';
import { type Decimal, zero } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import type { Execution, Moment } from './execution.ts';
import { fromMinor, toMinor, toParts } from './minor-units.ts';

/** What one buy execution brought in, and what is left of it. Cost excludes the fee. */
export type Lot = Moment & {
  readonly id: string;
  readonly accountId: AccountId;
  readonly assetId: AssetId;
  readonly orderId: OrderId;
  readonly acquiredOn: string;
  readonly currency: Currency;
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly fee: Decimal;
  readonly remaining: Decimal;
  readonly remainingCost: Decimal;
  readonly remainingFee: Decimal;
  /** By how many shares splits have changed it: remaining + taken = quantity + this. */
  readonly splitChange: Decimal;
};

/** A sale execution as far as the customer's shares covered it. */
export type Sale = Moment & {
  readonly orderId: OrderId;
  readonly soldOn: string;
  readonly currency: Currency;
  readonly quantity: Decimal;
  readonly proceeds: Decimal;
  readonly fee: Decimal;
};

/** The part of a sale that came out of one lot. */
export type Match = {
  readonly lotId: string;
  readonly orderId: OrderId;
  readonly executionId: string;
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly buyFee: Decimal;
  readonly proceeds: Decimal;
  readonly saleFee: Decimal;
  readonly grossGain: Decimal;
  readonly netGain: Decimal;
  readonly term: 'SHORT' | 'LONG';
};

export const openLot = (buy: Execution, id: string): Lot => ({
  id,
  accountId: buy.accountId,
  assetId: buy.assetId,
  orderId: buy.orderId,
  executionId: buy.executionId,
  at: buy.executedAt,
  acquiredOn: buy.tradeDate,
  currency: buy.currency,
  quantity: buy.quantity,
  cost: buy.value,
  fee: buy.fee,
  remaining: buy.quantity,
  remainingCost: buy.value,
  remainingFee: buy.fee,
  splitChange: zero,
});

type Take = { readonly lot: Lot; readonly quantity: Decimal };
export type Sold = { readonly lots: readonly Lot[]; readonly matches: readonly Match[] };

/**
 * Takes a sale out of lots, given oldest first (domain §4.1). Answers all lots as they are then.
 * Throws when the lots hold less than the sale: a reservation keeps that from happening.
 */
export function sellFifo(lots: readonly Lot[], sale: Sale): Sold {
  const takes = takeOldest(lots, sale);
  const share = (total: Decimal) => {
    // Lots are told apart by what opened them: their ids are random, and would toss for odd cents.
    const shares = takes.map(({ lot: { orderId, executionId }, quantity }) => ({
      key: `${orderId} ${executionId}`,
      weight: toParts(quantity),
    }));
    const parts = allocate(toMinor(total, sale.currency), shares);
    return parts.map((part) => fromMinor(part, sale.currency));
  };
  const proceeds = share(sale.proceeds);
  const fees = share(sale.fee);
  const matches = takes.map((take, index) =>
    matchOf(sale, take, { proceeds: proceeds[index] ?? zero, saleFee: fees[index] ?? zero }),
  );
  const byLot = new Map(matches.map((match) => [match.lotId, match]));
  const left = lots.map((lot) => {
    const match = byLot.get(lot.id);
    return match ? reduced(lot, match) : lot;
  });
  return { lots: left, matches };
}

function takeOldest(lots: readonly Lot[], { quantity, orderId, executionId }: Sale): Take[] {
  const takes: Take[] = [];
  let wanted = quantity;
  for (const lot of lots) {
    if (wanted.isZero()) break;
    const taken = lot.remaining.lessThan(wanted) ? lot.remaining : wanted;
    if (taken.isZero()) continue;
    takes.push({ lot, quantity: taken });
    wanted = wanted.minus(taken);
  }
  if (wanted.isZero()) return takes;
  throw new Error(`lots lack ${wanted} for execution ${executionId} of order ${orderId}`);
}

type SaleShare = Pick<Match, 'proceeds' | 'saleFee'>;

function matchOf(sale: Sale, { lot, quantity }: Take, { proceeds, saleFee }: SaleShare): Match {
  const cost = partOf(lot, lot.remainingCost, quantity);
  const buyFee = partOf(lot, lot.remainingFee, quantity);
  const grossGain = proceeds.minus(cost);
  return {
    lotId: lot.id,
    orderId: sale.orderId,
    executionId: sale.executionId,
    quantity,
    cost,
    buyFee,
    proceeds,
    saleFee,
    grossGain,
    netGain: grossGain.minus(buyFee).minus(saleFee),
    term: isLongTerm(lot.acquiredOn, sale.soldOn) ? 'LONG' : 'SHORT',
  };
}

/** round half up(rest × taken ÷ remaining); the take that empties a lot takes all that is left. */
function partOf(lot: Lot, rest: Decimal, taken: Decimal): Decimal {
  if (taken.equals(lot.remaining)) return rest;
  const remaining = toParts(lot.remaining);
  const twice = 2n * toMinor(rest, lot.currency) * toParts(taken);
  return fromMinor((twice + remaining) / (2n * remaining), lot.currency);
}

/** Dates as yyyy-mm-dd compare as text. A year after 29 February ends as that of 28 February. */
const isLongTerm = (acquiredOn: string, soldOn: string): boolean =>
  soldOn > `${Number(acquiredOn.slice(0, 4)) + 1}${acquiredOn.slice(4)}`;

type Taken = Pick<Match, 'quantity' | 'cost' | 'buyFee'>;

const reduced = (lot: Lot, { quantity, cost, buyFee }: Taken): Lot => ({
  ...lot,
  remaining: lot.remaining.minus(quantity),
  remainingCost: lot.remainingCost.minus(cost),
  remainingFee: lot.remainingFee.minus(buyFee),
});

/** The lot as if this match had never been. */
export const restored = (lot: Lot, { quantity, cost, buyFee }: Taken): Lot =>
  reduced(lot, { quantity: quantity.neg(), cost: cost.neg(), buyFee: buyFee.neg() });

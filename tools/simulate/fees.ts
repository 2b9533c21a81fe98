import { readFileSync } from 'node:fs';
import { Decimal, zero } from '@simplebank/kernel/decimal';
import { z } from 'zod';

/**
 * What an order has to be charged, written anew from the rules in the published tables, in another
 * way than the bank does it: in whole cents, and over the whole order at once.
 */

const row = z.object({ from: z.string() });
const tablesOf = z.object({
  secSection31: z.object({ rows: z.array(row.extend({ perMillion: z.string() })) }),
  finraTaf: z.object({
    rows: z.array(row.extend({ perShare: z.string(), capPerOrderAndDay: z.string() })),
  }),
  commission: z.object({
    plans: z.record(
      z.string(),
      z.array(row.extend({ basisPoints: z.string(), minimum: z.string(), maximum: z.string() })),
    ),
  }),
});

const file = new URL('../../tests/data/fee-tables.json', import.meta.url);
const tables = tablesOf.parse(JSON.parse(readFileSync(file, 'utf8')));

export type OrderFill = {
  readonly tradeDate: string;
  readonly quantity: Decimal;
  readonly price: Decimal;
};
export type Charged = {
  readonly side: 'BUY' | 'SELL';
  readonly plan: string;
  readonly createdOn: string;
  readonly fills: readonly OrderFill[];
};

/** The row that was in force on a date; none before the first. */
function rowAt<Row extends { readonly from: string }>(rows: readonly Row[], date: string) {
  let found: Row | undefined;
  for (const one of rows) {
    if (one.from <= date && (!found || one.from > found.from)) found = one;
  }
  return found;
}

const perUnit = 100;
const basisPoints = 10_000;
const million = 1_000_000;
const toCents = (units: string | Decimal): Decimal => new Decimal(units).times(perUnit);
const grossOf = (fills: readonly OrderFill[]): Decimal =>
  fills.reduce((total, { quantity, price }) => total.plus(quantity.times(price)), zero);
const halfUp = (cents: Decimal): Decimal => cents.plus('0.5').floor();

/** In units of the currency, by kind. */
export function feesDue(order: Charged): Readonly<Record<'commission' | 'sec' | 'taf', Decimal>> {
  const { side, fills } = order;
  const dates = [...new Set(fills.map(({ tradeDate }) => tradeDate))];
  const ofDay = (date: string) => fills.filter(({ tradeDate }) => tradeDate === date);
  const total = (of: (date: string) => Decimal) =>
    side === 'BUY' ? zero : dates.reduce((sum, date) => sum.plus(of(date)), zero);
  let left = halfUp(toCents(grossOf(fills)));
  const take = (cents: Decimal): Decimal => {
    const taken = side === 'BUY' ? cents : Decimal.min(cents, left);
    left = left.minus(taken);
    return taken.div(perUnit);
  };
  // In this order, as long as the proceeds last.
  const sec = take(total((date) => secCents(ofDay(date), date)));
  const taf = take(total((date) => tafCents(ofDay(date), date)));
  return { sec, taf, commission: take(commissionCents(order)) };
}

function secCents(fills: readonly OrderFill[], date: string): Decimal {
  const rate = rowAt(tables.secSection31.rows, date)?.perMillion ?? '0';
  return halfUp(toCents(grossOf(fills)))
    .times(rate)
    .div(million)
    .ceil();
}

function tafCents(fills: readonly OrderFill[], date: string): Decimal {
  const found = rowAt(tables.finraTaf.rows, date);
  if (!found) return zero;
  const shares = fills.reduce((total, { quantity }) => total.plus(quantity), zero);
  const cents = toCents(shares.times(found.perShare)).ceil();
  return Decimal.min(cents, toCents(found.capPerOrderAndDay));
}

/** What is less than half a cent pays the least commission all the same. */
function commissionCents({ plan, createdOn, fills }: Charged): Decimal {
  const found = rowAt(tables.commission.plans[plan] ?? [], createdOn);
  const gross = toCents(grossOf(fills));
  if (!found || gross.isZero()) return zero;
  const value = Decimal.max(halfUp(gross), 1);
  const cents = halfUp(value.times(found.basisPoints).div(basisPoints));
  const least = Decimal.max(cents, toCents(found.minimum));
  return Decimal.min(least, toCents(found.maximum));
}

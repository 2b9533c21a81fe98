import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';

/** A position as it is worth now. */
export type LivePosition = {
  readonly assetId: string;
  readonly symbol: string | null;
  readonly name: string | null;
  readonly type: string | null;
  readonly sector: string | null;
  readonly quantity: Decimal;
  /** At the last price, half up to the cent; null without a price. */
  readonly value: Decimal | null;
  /** When that price is from. */
  readonly pricedAt: Date | null;
};

/** Money from outside since the last day that is valued. */
type Flows = { readonly inflow: Decimal; readonly outflow: Decimal };

/** What an account has now, from our own copies. */
export type Portfolio = Flows & {
  readonly accountId: string;
  readonly currency: Currency;
  /** Less what is owed: an account in debt has less than nothing. */
  readonly cash: Decimal;
  /** Null for an account that nothing has happened to, or of which no day is over. */
  readonly firstDay: string | null;
  readonly valuedThrough: string | null;
  /** A fact has come that days already valued do not know yet. */
  readonly isBehind: boolean;
  readonly positions: readonly LivePosition[];
};

/** Cash and positions; null when a position has no price. */
export function liveValue({ cash, positions }: Portfolio): Decimal | null {
  const values = positions.map(({ value }) => value);
  return values.includes(null) ? null : sum(values.map((value) => value ?? zero)).plus(cash);
}

/** When the oldest of the prices is from that the value rests on; null without positions. */
export function oldestPriceAt({ positions }: Portfolio): Date | null {
  const times = positions.flatMap(({ pricedAt }) => (pricedAt ? [pricedAt.getTime()] : []));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

export const nothingYet = (accountId: string, currency: Currency): Portfolio => ({
  ...{ accountId, currency, cash: new Decimal(0), inflow: zero, outflow: zero },
  ...{ firstDay: null, valuedThrough: null, isBehind: false, positions: [] },
});

import { type Decimal, sum } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Balances } from './balances.ts';

/** The bank's own ledger accounts: the other side of what customers have. */
export type House =
  | 'bank'
  | 'clearing'
  | 'commission'
  | 'sec-fee'
  | 'taf-fee'
  | 'dividends'
  | 'error';

export type TransactionKind =
  | 'DEPOSIT'
  | 'WITHDRAWAL'
  | 'RETURN'
  | 'BUY'
  | 'SALE'
  | 'SETTLEMENT'
  | 'DIVIDEND'
  | 'DEBT_REPAID'
  | 'CORRECTION';

/** Positive: more for that ledger account, which is the house's or a customer's. */
export type Leg = {
  readonly house: House | null;
  readonly customer: 'cash' | 'debt' | null;
  readonly ledgerAccountId: bigint | null;
  readonly amount: Decimal;
};

export type Transaction = {
  readonly id: string;
  readonly kind: TransactionKind;
  /** What happened, once: a second transaction of this name is refused. */
  readonly reference: string;
  readonly at: Date;
  readonly currency: Currency;
  readonly legs: readonly Leg[];
  readonly orderId: string | null;
  readonly executionId: string | null;
  readonly paymentId: string | null;
  /** Of a correction: the transaction that it reverses (domain §2.5, rule 1). */
  readonly reversesId?: string;
  /** What was bought or sold, or what a dividend is for, for the feed of the customer. */
  readonly shares?: { readonly symbol: string; readonly quantity: Decimal };
};

const toHouse = (house: House, amount: Decimal): Leg => ({
  ...{ house, customer: null, ledgerAccountId: null, amount },
});
const toCash = ({ cashId }: Balances, amount: Decimal): Leg => ({
  ...{ house: null, customer: 'cash', ledgerAccountId: cashId, amount },
});
const toDebt = ({ debtId }: Balances, amount: Decimal): Leg => ({
  ...{ house: null, customer: 'debt', ledgerAccountId: debtId, amount },
});

/** Drops what is zero. Throws when the rest is not a balanced entry of two sides or more. */
function balanced(legs: readonly Leg[]): Leg[] {
  const real = legs.filter(({ amount }) => !amount.isZero());
  const total = sum(real.map(({ amount }) => amount));
  if (!total.isZero()) throw new Error(`entries are off by ${total.toFixed()}`);
  return real;
}

/** cash +a, bank −a (domain §2.5). */
export const depositLegs = (to: Balances, amount: Decimal): Leg[] =>
  balanced([toCash(to, amount), toHouse('bank', amount.negated())]);

/** cash −a, bank +a. */
export const withdrawalLegs = (from: Balances, amount: Decimal): Leg[] =>
  balanced([toCash(from, amount.negated()), toHouse('bank', amount)]);

export type Taking = {
  readonly amount: Decimal;
  /** The part that the customer does not have and owes from now on. */
  readonly debt: Decimal;
};

/** cash −(a−x), debt −x, bank +a: money that has left, whether or not it was there. */
export const takenLegs = (from: Balances, { amount, debt }: Taking): Leg[] =>
  balanced([
    toCash(from, debt.minus(amount)),
    toDebt(from, debt.negated()),
    toHouse('bank', amount),
  ]);

/** cash −x, debt +x. */
export const debtRepaidLegs = (from: Balances, amount: Decimal): Leg[] =>
  balanced([toCash(from, amount.negated()), toDebt(from, amount)]);

export type Fees = { readonly commission: Decimal; readonly sec: Decimal; readonly taf: Decimal };
export type Trade = {
  readonly value: Decimal;
  readonly fees: Fees;
  /** The part that the customer cannot pay and owes from now on. */
  readonly debt: Decimal;
};

/** cash −(v+f), clearing +v, commission +f; what cash lacks becomes debt. */
export function buyLegs(from: Balances, { value, fees, debt }: Trade): Leg[] {
  const paid = value.plus(feesTotal(fees)).minus(debt);
  return balanced([
    toCash(from, paid.negated()),
    toDebt(from, debt.negated()),
    toHouse('clearing', value),
    ...feeLegs(fees),
  ]);
}

/** cash +(v−c−s−t), clearing −v, fees to their houses; fees above the value may become debt. */
export function saleLegs(to: Balances, { value, fees, debt }: Trade): Leg[] {
  const net = value.minus(feesTotal(fees)).plus(debt);
  return balanced([
    toCash(to, net),
    toDebt(to, debt.negated()),
    toHouse('clearing', value.negated()),
    ...feeLegs(fees),
  ]);
}

/** clearing −v, bank +v for a buy; the other way round for a sale. */
export function settlementLegs(side: 'BUY' | 'SELL', value: Decimal): Leg[] {
  const toBank = side === 'BUY' ? value : value.negated();
  return balanced([toHouse('clearing', toBank.negated()), toHouse('bank', toBank)]);
}

/**
 * cash +d, dividends −d. A dividend that had been paid too high is taken back: d is negative, and
 * what cash lacks becomes debt.
 */
export const dividendLegs = (to: Balances, { amount, debt }: Taking): Leg[] =>
  balanced([
    toCash(to, amount.plus(debt)),
    toDebt(to, debt.negated()),
    toHouse('dividends', amount.negated()),
  ]);

/** dividends +d, bank −d: what the issuer pays, or gets back. */
export const issuerLegs = (amount: Decimal): Leg[] =>
  balanced([toHouse('dividends', amount), toHouse('bank', amount.negated())]);

/** error −(v+f), clearing +v, commission +f: the house pays for what no customer can be asked. */
export const houseBuyLegs = ({ value, fees }: Pick<Trade, 'value' | 'fees'>): Leg[] =>
  balanced([
    toHouse('error', value.plus(feesTotal(fees)).negated()),
    toHouse('clearing', value),
    ...feeLegs(fees),
  ]);

export type Correction = {
  readonly houses: readonly { readonly house: House; readonly amount: Decimal }[];
  /** The part of what is taken that the customer does not have and owes from now on. */
  readonly debt: Decimal;
};

/** The entries of the houses, and the other side of them to cash; what cash lacks becomes debt. */
export function correctionLegs(of: Balances, { houses, debt }: Correction): Leg[] {
  const moved = sum(houses.map(({ amount }) => amount)).negated();
  return balanced([
    toCash(of, moved.plus(debt)),
    toDebt(of, debt.negated()),
    ...houses.map(({ house, amount }) => toHouse(house, amount)),
  ]);
}

export const feesTotal = ({ commission, sec, taf }: Fees): Decimal =>
  commission.plus(sec).plus(taf);

const feeLegs = ({ commission, sec, taf }: Fees): Leg[] => [
  toHouse('commission', commission),
  toHouse('sec-fee', sec),
  toHouse('taf-fee', taf),
];

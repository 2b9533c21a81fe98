import { type Decimal, sum } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Balances } from './balances.ts';

/** The bank's own ledger accounts: the other side of what customers have. */
type House = 'bank' | 'clearing' | 'commission' | 'sec-fee' | 'taf-fee' | 'dividends' | 'error';

type TransactionKind =
  | 'DEPOSIT'
  | 'WITHDRAWAL'
  | 'BUY'
  | 'SALE'
  | 'SETTLEMENT'
  | 'DEBT_REPAID'
  | 'CORRECTION';

/** Positive: more for that ledger account. Exactly one of `house` and `ledgerAccountId` is set. */
export type Leg = {
  readonly house: House | null;
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
};

const toHouse = (house: House, amount: Decimal): Leg => ({ house, ledgerAccountId: null, amount });
const toCash = ({ cashId }: Balances, amount: Decimal): Leg => ({
  house: null,
  ledgerAccountId: cashId,
  amount,
});
const toDebt = ({ debtId }: Balances, amount: Decimal): Leg => ({
  house: null,
  ledgerAccountId: debtId,
  amount,
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

export const feesTotal = ({ commission, sec, taf }: Fees): Decimal =>
  commission.plus(sec).plus(taf);

const feeLegs = ({ commission, sec, taf }: Fees): Leg[] => [
  toHouse('commission', commission),
  toHouse('sec-fee', sec),
  toHouse('taf-fee', taf),
];

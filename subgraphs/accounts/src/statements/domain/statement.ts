import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { type Currency, money, moneyText } from '@simplebank/kernel/money';
import { monthAfter, monthStart } from '@simplebank/kernel/month';
import type { ActivityKind } from '../../ledger/domain/activity.ts';

/** What is known of a statement without reading it. */
export type Statement = {
  readonly accountId: string;
  readonly month: string;
  readonly currency: Currency;
  readonly opening: Decimal;
  readonly closing: Decimal;
  /** What the customer owed the bank at the end, never negative. */
  readonly owed: Decimal;
  /** The last activity that this statement or one before shows. */
  readonly throughActivity: bigint;
  readonly sha256: string;
  readonly createdAt: Date;
};

/** An activity of the month. */
export type Line = {
  readonly id: bigint;
  readonly at: Date;
  readonly kind: ActivityKind;
  readonly amount: Decimal;
  readonly value: Decimal | null;
  readonly symbol: string | null;
  readonly quantity: Decimal | null;
  readonly orderId: string | null;
  readonly executionId: string | null;
  readonly paymentId: string | null;
};

/** What holdings says of the end of a month; numbers as text, as they came. */
export type Closing = {
  readonly realizedGain: string;
  readonly positions: readonly {
    readonly assetId: string;
    readonly symbol: string | null;
    readonly quantity: string;
    readonly cost: string;
    readonly price: string | null;
    readonly priceAt: string | null;
    readonly value: string | null;
  }[];
};

export type Parts = {
  readonly account: { readonly id: string; readonly number: string; readonly currency: Currency };
  readonly month: string;
  /** Null: the first statement of the account. */
  readonly previous: Pick<Statement, 'closing' | 'owed' | 'throughActivity'> | null;
  /** In the order of their booking. */
  readonly lines: readonly Line[];
  readonly closing: Closing;
};

/** The whole statement as it is written down; every number is text. */
export type Document = ReturnType<typeof documentOf>;

export type Drafted = Omit<Statement, 'sha256' | 'createdAt'> & { readonly document: Document };

/**
 * Puts a month together (domain §2.8): it opens with the closing of the month before and closes
 * with that and all that moved cash since. What is booked after a month was written belongs to the
 * next.
 */
export function draft(parts: Parts): Drafted {
  const { account, month, previous, lines } = parts;
  const opening = previous?.closing ?? zero;
  const closing = opening.plus(sum(lines.map(({ amount }) => amount)));
  const lent = lines.filter(({ kind }) => kind === 'DEBT' || kind === 'DEBT_REPAID');
  const owed = (previous?.owed ?? zero).plus(sum(lent.map(({ amount }) => amount)));
  const head = { accountId: account.id, month, currency: account.currency, opening, closing, owed };
  return {
    ...head,
    throughActivity: lastOf(parts),
    document: documentOf(parts, { opening, closing, owed }),
  };
}

function lastOf({ previous, lines }: Parts): bigint {
  let last = previous?.throughActivity ?? 0n;
  for (const { id } of lines) if (id > last) last = id;
  return last;
}

/** What was paid in fees, as positive amounts. */
function feesIn(lines: readonly Line[]) {
  const of = (kind: ActivityKind) =>
    sum(lines.filter((line) => line.kind === kind).map(({ amount }) => amount)).negated();
  const fees = { commission: of('COMMISSION'), sec: of('SEC_FEE'), taf: of('TAF_FEE') };
  return { ...fees, total: Decimal.sum(fees.commission, fees.sec, fees.taf) };
}

type Sums = Pick<Statement, 'opening' | 'closing' | 'owed'>;

/** The fields stand in this order for good: the same data give the same bytes. */
function documentOf({ account, month, lines, closing: end }: Parts, sums: Sums) {
  const { currency } = account;
  const text = (amount: Decimal) => moneyText(money(amount, currency));
  const fees = feesIn(lines);
  return {
    accountId: account.id,
    accountNumber: account.number,
    currency,
    month,
    from: monthStart(month).toISOString(),
    to: monthStart(monthAfter(month)).toISOString(),
    opening: text(sums.opening),
    closing: text(sums.closing),
    debt: text(sums.owed),
    fees: {
      commission: text(fees.commission),
      sec: text(fees.sec),
      taf: text(fees.taf),
      total: text(fees.total),
    },
    realizedGain: text(new Decimal(end.realizedGain)),
    positions: end.positions.map((position) => positionOf(position, text)),
    positionsValue: totalOf(end.positions, text),
    entries: entriesOf(lines, { opening: sums.opening, text }),
  };
}

type Text = (amount: Decimal) => string;
type EndPosition = Closing['positions'][number];

const positionOf = (position: EndPosition, text: Text) => ({
  assetId: position.assetId,
  symbol: position.symbol,
  quantity: new Decimal(position.quantity).toFixed(),
  cost: text(new Decimal(position.cost)),
  price: position.price,
  priceAt: position.priceAt,
  value: position.value === null ? null : text(new Decimal(position.value)),
});

/** Null when one of them has no price: a sum of the others would look like the whole. */
function totalOf(positions: readonly EndPosition[], text: Text): string | null {
  const values = positions.flatMap(({ value }) => (value === null ? [] : [new Decimal(value)]));
  return values.length < positions.length ? null : text(sum(values));
}

type Begin = { readonly opening: Decimal; readonly text: Text };

function entriesOf(lines: readonly Line[], { opening, text }: Begin) {
  let balance = opening;
  return lines.map((line) => {
    balance = balance.plus(line.amount);
    return {
      at: line.at.toISOString(),
      kind: line.kind,
      amount: text(line.amount),
      balance: text(balance),
      value: line.value && text(line.value),
      symbol: line.symbol,
      quantity: line.quantity?.toFixed() ?? null,
      orderId: line.orderId,
      executionId: line.executionId,
      paymentId: line.paymentId,
    };
  });
}

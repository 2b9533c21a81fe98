import type {
  BookedExecution as BookedMoney,
  OpenHold,
  RememberedOrder,
} from '@simplebank/accounts/reconcile';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type {
  BookedExecution as BookedShares,
  OpenReservation,
} from '@simplebank/holdings/reconcile';
import { Decimal } from '@simplebank/kernel/decimal';
import { ceilCash, isCurrency } from '@simplebank/kernel/money';
import type { ReportedExecution } from '@simplebank/market/reconcile';
import {
  isOver,
  type OrderExecution,
  type OrderTerms,
  reserving,
} from '@simplebank/orders/reconcile';
import { type Finding, nothing } from './finding.ts';

/** What four contexts know of one order. */
export type OrderFacts = {
  readonly orderId: string;
  readonly terms: OrderTerms | null;
  readonly reported: readonly ReportedExecution[];
  readonly executions: readonly OrderExecution[];
  readonly money: readonly BookedMoney[];
  readonly shares: readonly BookedShares[];
  readonly holds: readonly OpenHold[];
  readonly reservations: readonly OpenReservation[];
  /** What accounts remembers of the order; null when it never heard of it. */
  readonly remembered: RememberedOrder | null;
};

type Difference = Pick<Finding, 'law' | 'context' | 'subject' | 'expected' | 'actual'> & {
  /** Whose news of the order would explain it. */
  readonly newsOf: Subscriber;
};

const same = (a: string, b: string): boolean => new Decimal(a).equals(b);
const plain = (text: string): string => new Decimal(text).toFixed();

/** What is set against what, by execution: a text for each, null where there is none. */
type Sides = { readonly expected: string | null; readonly actual: string | null };

function compared(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): [string, Sides][] {
  const ids = [...new Set([...expected.keys(), ...actual.keys()])].sort();
  return ids
    .map((id): [string, Sides] => [
      id,
      { expected: expected.get(id) ?? null, actual: actual.get(id) ?? null },
    ])
    .filter(([, sides]) => sides.expected !== sides.actual);
}

type Law = Pick<Difference, 'law' | 'context' | 'newsOf'>;

const differences = (law: Law, sides: readonly [string, Sides][]): Difference[] =>
  sides.map(([id, { expected, actual }]) => ({
    ...law,
    subject: `execution ${id}`,
    expected: expected ?? nothing,
    actual: actual ?? nothing,
  }));

type Trade = { readonly executionId: string; readonly quantity: string; readonly price: string };
const byId = <Row extends { readonly executionId: string }>(
  rows: readonly Row[],
  text: (row: Row) => string,
): ReadonlyMap<string, string> => new Map(rows.map((row) => [row.executionId, text(row)]));
const tradeText = ({ quantity, price }: Trade): string => `${plain(quantity)} at ${plain(price)}`;

/** Every execution that the market reported is known to orders, once and as it was. */
const reportedOnce = ({ reported, executions }: OrderFacts): Difference[] =>
  differences(
    { law: 'orders know what the market reported', context: 'orders', newsOf: 'market' },
    compared(byId(reported, tradeText), byId(executions, tradeText)),
  );

const booked = ({ executions }: OrderFacts): readonly OrderExecution[] =>
  executions.filter(({ state }) => state === 'BOOKED');

/** Every execution is booked once in money: what it cost or brought, value and fees. */
function moneyOnce(facts: OrderFacts): Difference[] {
  const side = facts.terms?.side ?? 'BUY';
  const movedBy = ({ value, fees }: OrderExecution) =>
    (side === 'BUY' ? new Decimal(value).negated() : new Decimal(value)).minus(fees).toFixed();
  const left = new Set(
    facts.money.filter(({ state }) => state === 'EXCEPTION').map((one) => one.executionId),
  );
  const expected = booked(facts).filter(({ executionId }) => !left.has(executionId));
  const actual = facts.money.filter(({ state }) => state === 'BOOKED');
  return differences(
    { law: 'accounts book every execution', context: 'accounts', newsOf: 'orders' },
    compared(
      byId(expected, movedBy),
      byId(actual, ({ moved }) => plain(moved)),
    ),
  );
}

/** Every execution is booked once in shares: quantity, value and fees. */
const sharesOnce = (facts: OrderFacts): Difference[] =>
  differences(
    { law: 'holdings book every execution', context: 'holdings', newsOf: 'orders' },
    compared(
      byId(booked(facts), ({ quantity, value, fees }) =>
        [facts.terms?.side, plain(quantity), 'for', plain(value), '+', plain(fees)].join(' '),
      ),
      byId(facts.shares, ({ side, quantity, value, fee }) =>
        [side, plain(quantity), 'for', plain(value), '+', plain(fee)].join(' '),
      ),
    ),
  );

type SetAside = { readonly side: 'BUY' | 'SELL'; readonly wanted: string | null } & Law;

/** Set aside for an order that is open, and only for such a one. */
function setAside(
  { orderId, terms }: OrderFacts,
  found: string | null,
  { side, wanted, ...law }: SetAside,
): Difference[] {
  const open = terms?.side === side && !isOver(terms.status);
  const state = terms ? `${terms.side} ${terms.status}` : 'unknown';
  const subject = `order ${orderId} (${state})`;
  if (!open) return found === null ? [] : [{ ...law, subject, expected: '0', actual: found }];
  if (found === null) {
    const mayWait = terms.status === reserving;
    return mayWait ? [] : [{ ...law, subject, expected: wanted ?? 'some', actual: nothing }];
  }
  if (wanted === null || same(found, wanted)) return [];
  return [{ ...law, subject, expected: wanted, actual: found }];
}

function holdWanted(terms: OrderTerms | null): string | null {
  if (!terms?.holdAmount || !isCurrency(terms.currency)) return null;
  return ceilCash(new Decimal(terms.holdAmount), terms.currency).toFixed();
}

function setAsides(facts: OrderFacts): Difference[] {
  const hold = facts.holds[0];
  const reservation = facts.reservations[0];
  return [
    ...setAside(facts, hold ? plain(hold.amount) : null, {
      ...{ law: 'holds for open buys only', context: 'accounts', newsOf: 'orders' },
      ...{ side: 'BUY', wanted: holdWanted(facts.terms) },
    }),
    ...setAside(facts, reservation ? plain(reservation.quantity) : null, {
      ...{ law: 'reservations for open sales only', context: 'holdings', newsOf: 'orders' },
      ...{ side: 'SELL', wanted: facts.terms?.quantity ? plain(facts.terms.quantity) : null },
    }),
  ];
}

/** Accounts knows which orders are over: an account with an open one cannot be closed. */
function rememberedRight({ orderId, terms, remembered }: OrderFacts): Difference[] {
  if (!remembered) return [];
  const expected = terms ? String(isOver(terms.status)) : nothing;
  const actual = String(remembered.ended);
  if (expected === actual) return [];
  const law = {
    law: 'order copies equal their owner',
    context: 'accounts',
    newsOf: 'orders',
  } as const;
  return [{ ...law, subject: `order ${orderId} ended`, expected, actual }];
}

const accountOf = ({ terms, money, shares, holds, reservations }: OrderFacts): string | null =>
  [terms, ...money, ...shares, ...holds, ...reservations].find((one) => one?.accountId)
    ?.accountId ?? null;

/** Differences between what the contexts say about one order (domain §2.5 rule 11). */
export function orderFindings(facts: OrderFacts): readonly Finding[] {
  const { orderId } = facts;
  const found = [
    ...reportedOnce(facts),
    ...moneyOnce(facts),
    ...sharesOnce(facts),
    ...setAsides(facts),
    ...rememberedRight(facts),
  ];
  return found.map(({ newsOf, ...difference }) => ({
    ...difference,
    accountId: accountOf(facts),
    look: { kind: 'order', id: orderId },
    explanation: { from: newsOf, to: difference.context, aggregateId: orderId },
  }));
}

import { settlementDate, tradeDateOf } from '@simplebank/kernel/calendar';
import { zero } from '@simplebank/kernel/decimal';
import { roundCash } from '@simplebank/kernel/money';
import type { Execution } from './execution.ts';
import { type DayTotal, feesOn, minus } from './fees.ts';
import type { Report } from './message.ts';
import { commissionTermsOf, type Order } from './order.ts';
import { isFinal } from './status.ts';

/** What the order traded day by day, with one more execution. */
export function withDay(days: readonly DayTotal[], report: Report): readonly DayTotal[] {
  const tradeDate = tradeDateOf(report.executedAt);
  const before = days.find((day) => day.tradeDate === tradeDate);
  const { quantity, gross } = before ?? { quantity: zero, gross: zero };
  const after: DayTotal = {
    tradeDate,
    quantity: quantity.plus(report.quantity),
    gross: gross.plus(report.quantity.times(report.price)),
  };
  return [...days.filter((day) => day !== before), after];
}

/** Value and fees of one execution: what the running totals grow by (domain §1). */
export function book(order: Order, days: readonly DayTotal[], report: Report): Execution {
  const { currency, side } = order;
  const gross = order.filledGross.plus(report.quantity.times(report.price));
  const fees = feesOn({ side, terms: commissionTermsOf(order), gross, days });
  const tradeDate = tradeDateOf(report.executedAt);
  return {
    id: report.executionId,
    quantity: report.quantity,
    price: report.price,
    currency,
    value: roundCash(gross, currency).minus(order.filledValue),
    fees: minus(fees, order.fees),
    executedAt: report.executedAt,
    tradeDate,
    settlementDate: settlementDate(tradeDate),
    late: isFinal(order.status),
  };
}

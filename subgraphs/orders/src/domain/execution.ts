import type { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Fees } from './fees.ts';

/** One execution as booked: this execution's own numbers, not the running totals. */
export type Execution = {
  readonly id: string;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly currency: Currency;
  readonly value: Decimal;
  readonly fees: Fees;
  readonly executedAt: Date;
  readonly tradeDate: string;
  readonly settlementDate: string;
  readonly late: boolean;
};

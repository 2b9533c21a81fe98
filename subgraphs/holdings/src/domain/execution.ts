import type { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';

/** What orders said about one execution; `ordinal` counts the executions of its order from 1. */
export type Execution = {
  readonly orderId: OrderId;
  readonly executionId: string;
  readonly accountId: AccountId;
  readonly assetId: AssetId;
  readonly side: 'BUY' | 'SELL';
  readonly currency: Currency;
  readonly quantity: Decimal;
  /** Booked cash: what the shares cost or brought, without fees. */
  readonly value: Decimal;
  readonly fee: Decimal;
  readonly ordinal: number;
  readonly late: boolean;
  readonly executedAt: Date;
  readonly tradeDate: string;
  readonly settlementDate: string;
};

/** Where an execution stands in time. Equal times are told apart by id, never by arrival. */
export type Moment = { readonly at: Date; readonly executionId: string };

export function byMoment(a: Moment, b: Moment): number {
  const apart = a.at.getTime() - b.at.getTime();
  if (apart !== 0) return apart;
  if (a.executionId === b.executionId) return 0;
  return a.executionId < b.executionId ? -1 : 1;
}

import type { Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Fees } from '../../ledger/index.ts';

/** One execution as orders reports it. */
export type Execution = {
  readonly orderId: string;
  readonly executionId: string;
  /** Its number among the order's executions, from 1; one kept by an earlier release lacks it. */
  readonly nth?: number;
  readonly accountId: string;
  readonly side: 'BUY' | 'SELL';
  readonly currency: string;
  readonly value: Decimal;
  readonly fees: Fees;
  /** For the feed of the customer; one that waits since an earlier release lacks it. */
  readonly shares?: { readonly symbol: string; readonly quantity: Decimal };
  /** New York date on which the money moves. */
  readonly settlementDate: string;
  readonly event: Envelope;
};

/** As text, for an execution that has to wait. */
export const writeExecution = (execution: Execution): string => JSON.stringify(execution);

/** What `writeExecution` wrote. */
export function readExecution(body: string): Execution {
  const { value, fees, shares, ...rest } = JSON.parse(body) as Execution;
  const { commission, sec, taf } = fees;
  return {
    ...rest,
    ...(shares ? { shares: { ...shares, quantity: new Decimal(shares.quantity) } } : {}),
    value: new Decimal(value),
    fees: {
      commission: new Decimal(commission),
      sec: new Decimal(sec),
      taf: new Decimal(taf),
    },
  };
}

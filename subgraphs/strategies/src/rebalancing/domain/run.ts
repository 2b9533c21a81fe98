import type { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { RunItem } from './item.ts';
import type { RunStatus } from './transitions.ts';

/**
 * FULL sells what is over its target and buys with the proceeds. BUY_ONLY never sells. CASH_FLOW
 * puts money in over the gaps, or takes money out over the excesses.
 */
export type RebalanceMode = 'FULL' | 'BUY_ONLY' | 'CASH_FLOW';

/** Why a run did not come to its end. */
export type RunReason =
  | 'ACCOUNT_STATUS'
  | 'AMOUNT_ABOVE_VALUE'
  /** It waited for the opening and for fresh prices longer than it could. */
  | 'NOT_BEGUN'
  /** Every order was refused: nothing was sold or bought. */
  | 'ORDERS_REFUSED'
  /** Orders had not ended at the deadline; they go on without the run. */
  | 'ORDERS_LATE';

/** What was agreed when the run was recorded; never changes. */
export type RunTerms = {
  readonly id: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly strategyId: string;
  /** The version that was current when the run was asked for. */
  readonly strategyVersion: number;
  readonly mode: RebalanceMode;
  /** Whether FULL sells what the strategy does not have. */
  readonly sellOutside: boolean;
  /** Money put in; negative is money to raise (CASH_FLOW); null where none is. */
  readonly amount: Decimal | null;
  readonly currency: Currency;
  readonly createdAt: Date;
};

export type Run = RunTerms & {
  readonly number: bigint;
  readonly status: RunStatus;
  readonly reason: RunReason | null;
  /** What the sales brought net of fees, when the run began to buy. */
  readonly proceeds: Decimal | null;
  /** When the present phase ends at the latest. */
  readonly deadline: Date;
  readonly endedAt: Date | null;
  readonly items: readonly RunItem[];
  readonly eventVersion: number;
};

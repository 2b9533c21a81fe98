import type { Decimal } from '@simplebank/kernel/decimal';

/** Facts that money from outside came by, or went by (domain §4.3: external flows). */
type FlowKind = 'DEPOSIT' | 'DEPOSIT_RETURNED' | 'WITHDRAWAL' | 'WITHDRAWAL_RETURNED';

/** Executions are facts, too; the database notes them when they are booked. */
type CashFactKind = FlowKind | 'DIVIDEND' | 'CORRECTION';

/** By what one event changed an account's cash, less its debt; once, whatever comes how often. */
export type CashFact = {
  readonly kind: CashFactKind;
  /** Tells facts of a kind apart, for ever. */
  readonly reference: string;
  readonly accountId: string;
  /** In New York. */
  readonly day: string;
  readonly amount: Decimal;
  readonly currency: string;
};

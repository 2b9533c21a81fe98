import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';

/** The money of one account: its `cash` and `debt` rows in the ledger, in units of the currency. */
export type Balances = {
  readonly accountId: string;
  readonly currency: Currency;
  readonly cashId: bigint;
  readonly debtId: bigint;
  readonly posted: Decimal;
  readonly held: Decimal;
  readonly unsettled: Decimal;
  /** What the customer owes, never negative. */
  readonly owed: Decimal;
};

/** Buying power (domain §2.5). */
export const availableOf = ({ posted, held }: Balances): Decimal => posted.minus(held);

/** What may leave the bank (domain §2.5). */
export const withdrawableOf = (balances: Balances): Decimal =>
  Decimal.max(zero, availableOf(balances).minus(balances.unsettled));

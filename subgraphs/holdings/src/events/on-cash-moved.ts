import type {
  CashCorrectedV1,
  DividendPaidV1,
  PaymentCompletedV1,
  PaymentReturnedV1,
} from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../deps.ts';
import { keepCashFacts, newYorkDay } from '../performance/index.ts';

/** A deposit has come or a withdrawal has gone, on the day on which accounts said so. */
export const onPaymentCompleted = (
  tx: Tx,
  events: readonly Envelope<PaymentCompletedV1>[],
): Promise<void> =>
  keepCashFacts(
    tx,
    events.map(({ payload: { paymentId, accountId, kind, amount, currency }, occurredAt }) => ({
      ...{ kind, reference: paymentId, accountId, currency },
      day: newYorkDay(new Date(occurredAt)),
      amount: kind === 'DEPOSIT' ? new Decimal(amount) : new Decimal(amount).neg(),
    })),
  );

/** The same money goes the other way. */
export const onPaymentReturned = (
  tx: Tx,
  events: readonly Envelope<PaymentReturnedV1>[],
): Promise<void> =>
  keepCashFacts(
    tx,
    events.map(({ payload: { paymentId, accountId, kind, amount, currency }, occurredAt }) => ({
      ...{ kind: `${kind}_RETURNED` as const, reference: paymentId, accountId, currency },
      day: newYorkDay(new Date(occurredAt)),
      amount: kind === 'DEPOSIT' ? new Decimal(amount).neg() : new Decimal(amount),
    })),
  );

/** One entitlement may be paid in parts: each booking has a version of its own. */
export const onDividendPaid = (
  tx: Tx,
  events: readonly Envelope<DividendPaidV1>[],
): Promise<void> =>
  keepCashFacts(
    tx,
    events.map(({ payload: { accountId, amount, currency, paidOn }, ...event }) => ({
      ...{ kind: 'DIVIDEND', accountId, currency, day: paidOn, amount: new Decimal(amount) },
      reference: `${event.aggregateId}:${event.aggregateVersion}`,
    })),
  );

export const onCashCorrected = (
  tx: Tx,
  events: readonly Envelope<CashCorrectedV1>[],
): Promise<void> =>
  keepCashFacts(
    tx,
    events.map(({ payload: { transactionId, accountId, amount, currency, bookedOn } }) => ({
      ...{ kind: 'CORRECTION', reference: transactionId, accountId, currency, day: bookedOn },
      amount: new Decimal(amount),
    })),
  );

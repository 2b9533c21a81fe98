import type {
  DividendPaidV1,
  PaymentCompletedV1,
  PaymentFailedV1,
  PaymentReturnedV1,
} from '@simplebank/contracts/accounts';
import type { Deps } from '../deps.ts';
import { tells } from './occasion.ts';

export const onPaymentCompleted = (deps: Deps) =>
  tells<PaymentCompletedV1>(deps, ({ accountId, kind, amount, currency }) => ({
    template: kind === 'DEPOSIT' ? 'DEPOSIT_COMPLETED' : 'WITHDRAWAL_COMPLETED',
    accountId,
    facts: { amount, currency },
  }));

export const onPaymentFailed = (deps: Deps) =>
  tells<PaymentFailedV1>(deps, ({ accountId, kind, amount, currency }) => ({
    template: kind === 'DEPOSIT' ? 'DEPOSIT_FAILED' : 'WITHDRAWAL_FAILED',
    accountId,
    facts: { amount, currency },
  }));

export const onPaymentReturned = (deps: Deps) =>
  tells<PaymentReturnedV1>(deps, ({ accountId, kind, amount, currency }) => ({
    template: kind === 'DEPOSIT' ? 'DEPOSIT_RETURNED' : 'WITHDRAWAL_RETURNED',
    accountId,
    facts: { amount, currency },
  }));

/** A negative amount takes back what had been paid too high; the words carry the sign. */
export const onDividendPaid = (deps: Deps) =>
  tells<DividendPaidV1>(deps, ({ accountId, symbol, amount, currency }) => {
    const isTakenBack = amount.startsWith('-');
    const facts = { symbol, currency, amount: isTakenBack ? amount.slice(1) : amount };
    return {
      template: isTakenBack ? 'DIVIDEND_CORRECTED' : 'DIVIDEND_PAID',
      ...{ accountId, facts },
    };
  });

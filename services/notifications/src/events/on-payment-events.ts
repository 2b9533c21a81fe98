import type { PaymentCompletedV1, PaymentFailedV1 } from '@simplebank/contracts/accounts';
import type { Deps } from '../deps.ts';
import { tells } from './occasion.ts';

export const onPaymentCompleted = (deps: Deps) =>
  tells<PaymentCompletedV1>(deps, ({ accountId, kind, amount, currency }) => ({
    kind: kind === 'DEPOSIT' ? 'DEPOSIT_COMPLETED' : 'WITHDRAWAL_COMPLETED',
    accountId,
    facts: { amount, currency },
  }));

export const onPaymentFailed = (deps: Deps) =>
  tells<PaymentFailedV1>(deps, ({ accountId, kind, amount, currency }) => ({
    kind: kind === 'DEPOSIT' ? 'DEPOSIT_FAILED' : 'WITHDRAWAL_FAILED',
    accountId,
    facts: { amount, currency },
  }));

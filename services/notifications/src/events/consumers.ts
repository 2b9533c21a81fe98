import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CustomerRegisteredV1,
  CustomerSignedInV1,
  DividendPaidV1,
  PasswordChangedV1,
  PaymentCompletedV1,
  PaymentFailedV1,
  PaymentReturnedV1,
  SessionCompromisedV1,
  SignUpRepeatedV1,
  StatementReadyV1,
  TokensRevokedV1,
} from '@simplebank/contracts/accounts';
import { OrderCompletedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import {
  PlanRunCompletedV1,
  PlanRunFailedV1,
  PlanRunSkippedV1,
  RebalanceCompletedV1,
  StrategyCreatedV1,
  StrategyOrderCompletedV1,
} from '@simplebank/contracts/strategies';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { onAccountOpened, onAccountStatusChanged } from './on-account-events.ts';
import { onCustomerRegistered } from './on-customer-registered.ts';
import { onOrderCompleted, onOrderRejected } from './on-order-events.ts';
import * as payments from './on-payment-events.ts';
import * as security from './on-security-events.ts';
import { onStatementReady } from './on-statement-ready.ts';
import * as strategies from './on-strategy-events.ts';

export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  handler(CustomerRegisteredV1, onCustomerRegistered),
  handler(CustomerSignedInV1, security.onCustomerSignedIn(deps)),
  handler(TokensRevokedV1, security.onTokensRevoked(deps)),
  handler(PasswordChangedV1, security.onPasswordChanged(deps)),
  handler(SignUpRepeatedV1, security.onSignUpRepeated(deps)),
  handler(SessionCompromisedV1, security.onSessionCompromised(deps)),
  handler(AccountOpenedV1, onAccountOpened(deps)),
  handler(AccountStatusChangedV1, onAccountStatusChanged(deps)),
  handler(PaymentCompletedV1, payments.onPaymentCompleted(deps)),
  handler(PaymentFailedV1, payments.onPaymentFailed(deps)),
  handler(PaymentReturnedV1, payments.onPaymentReturned(deps)),
  handler(DividendPaidV1, payments.onDividendPaid(deps)),
  handler(StatementReadyV1, onStatementReady(deps)),
  handler(OrderCompletedV1, onOrderCompleted(deps)),
  handler(OrderRejectedV1, onOrderRejected(deps)),
  handler(StrategyCreatedV1, strategies.onStrategyCreated(deps)),
  handler(StrategyOrderCompletedV1, strategies.onStrategyOrderCompleted(deps)),
  handler(PlanRunCompletedV1, strategies.onPlanRunCompleted(deps)),
  handler(PlanRunSkippedV1, strategies.onPlanRunSkipped(deps)),
  handler(PlanRunFailedV1, strategies.onPlanRunFailed(deps)),
  handler(RebalanceCompletedV1, strategies.onRebalanceCompleted(deps)),
];

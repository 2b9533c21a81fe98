import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  CashCorrectedV1,
  DividendPaidV1,
  PaymentCompletedV1,
  PaymentReturnedV1,
} from '@simplebank/contracts/accounts';
import { PriceClosedV1 } from '@simplebank/contracts/assets';
import {
  StrategyCreatedV1,
  StrategyElectedV1,
  StrategyVersionPublishedV1,
} from '@simplebank/contracts/strategies';
import type { Tx } from '../deps.ts';
import {
  onCashCorrected,
  onDividendPaid,
  onPaymentCompleted,
  onPaymentReturned,
} from './on-cash-moved.ts';
import { onPriceClosed } from './on-price-closed.ts';
import { onStrategyChanged, onStrategyElected } from './on-strategy-changed.ts';

/** What accounts are valued and measured by. */
export const performanceHandlers: readonly Handler<Tx>[] = [
  handler(PaymentCompletedV1, onPaymentCompleted),
  handler(PaymentReturnedV1, onPaymentReturned),
  handler(DividendPaidV1, onDividendPaid),
  handler(CashCorrectedV1, onCashCorrected),
  handler(PriceClosedV1, onPriceClosed),
  handler(StrategyCreatedV1, onStrategyChanged),
  handler(StrategyVersionPublishedV1, onStrategyChanged),
  handler(StrategyElectedV1, onStrategyElected),
];

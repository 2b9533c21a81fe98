import { type Handler, handler } from '@simplebank/chassis/consumer';
import { FundsHeldV1, FundsRefusedV1 } from '@simplebank/contracts/accounts';
import { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import { PositionRefusedV1, PositionReservedV1 } from '@simplebank/contracts/holdings';
import {
  OrderCancelRefusedV1,
  OrderFailedV1,
  OrderPlacedV1,
  TradeExecutedV1,
  VenueOrderCanceledV1,
  VenueOrderExpiredV1,
} from '@simplebank/contracts/market';
import { RebalanceReadyV1, StrategyOrderReadyV1 } from '@simplebank/contracts/strategies';
import type { Deps, Transaction } from '../deps.ts';
import { copyHandlers } from './copies.ts';
import { onCorporateActionEffective } from './on-corporate-action-effective.ts';
import { onFundsHeld } from './on-funds-held.ts';
import { onFundsRefused } from './on-funds-refused.ts';
import { onOrderCancelRefused } from './on-order-cancel-refused.ts';
import { onOrderCanceled } from './on-order-canceled.ts';
import { onOrderExpired } from './on-order-expired.ts';
import { onOrderFailed } from './on-order-failed.ts';
import { onOrderPlaced } from './on-order-placed.ts';
import { onPositionRefused } from './on-position-refused.ts';
import { onPositionReserved } from './on-position-reserved.ts';
import { onRebalanceReady } from './on-rebalance-ready.ts';
import { onStrategyOrderReady } from './on-strategy-order-ready.ts';
import { onTradeExecuted } from './on-trade-executed.ts';

/** What orders does about each event that its queue carries. */
export const handlers = (deps: Deps): readonly Handler<Transaction>[] => [
  ...copyHandlers,
  handler(CorporateActionEffectiveV1, onCorporateActionEffective(deps)),
  handler(FundsHeldV1, onFundsHeld(deps)),
  handler(FundsRefusedV1, onFundsRefused(deps)),
  handler(PositionReservedV1, onPositionReserved(deps)),
  handler(PositionRefusedV1, onPositionRefused(deps)),
  handler(OrderPlacedV1, onOrderPlaced(deps), () => 'mark_placed'),
  handler(TradeExecutedV1, onTradeExecuted(deps)),
  handler(OrderFailedV1, onOrderFailed(deps)),
  handler(VenueOrderExpiredV1, onOrderExpired(deps)),
  handler(VenueOrderCanceledV1, onOrderCanceled(deps)),
  handler(OrderCancelRefusedV1, onOrderCancelRefused(deps)),
  handler(StrategyOrderReadyV1, onStrategyOrderReady(deps)),
  handler(RebalanceReadyV1, onRebalanceReady(deps)),
];

import { type Handler, handler } from '@simplebank/chassis/consumer';
import { MonthEndedV1 } from '@simplebank/contracts/accounts';
import { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import { OrderCompletedV1, OrderCreatedV1, OrderFilledV1 } from '@simplebank/contracts/orders';
import type { Deps, Tx } from '../deps.ts';
import { copyHandlers } from './copies.ts';
import { onCorporateActionEffective } from './on-corporate-action-effective.ts';
import { onMonthEnded } from './on-month-ended.ts';
import { onOrderCompleted } from './on-order-completed.ts';
import { onOrderCreated } from './on-order-created.ts';
import { onOrderFilled } from './on-order-filled.ts';
import { performanceHandlers } from './performance-consumers.ts';

/** What holdings does about each event that its queue carries. */
export const handlers = (deps: Deps): readonly Handler<Tx>[] => [
  ...copyHandlers,
  handler(MonthEndedV1, onMonthEnded(deps)),
  handler(CorporateActionEffectiveV1, onCorporateActionEffective(deps)),
  handler(OrderCreatedV1, onOrderCreated(deps), ({ payload }) =>
    payload.side === 'SELL' ? 'reserve_position' : null,
  ),
  handler(OrderFilledV1, onOrderFilled(deps)),
  handler(OrderCompletedV1, onOrderCompleted(deps)),
  ...performanceHandlers,
];

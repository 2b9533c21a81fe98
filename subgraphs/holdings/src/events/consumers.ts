import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  MonthEndedV1,
} from '@simplebank/contracts/accounts';
import {
  AssetUpdatedV1,
  CorporateActionEffectiveV1,
  QuotePublishedV1,
} from '@simplebank/contracts/assets';
import { OrderCompletedV1, OrderCreatedV1, OrderFilledV1 } from '@simplebank/contracts/orders';
import type { Deps, Tx } from '../deps.ts';
import { onAccountChanged } from './on-account-changed.ts';
import { onAssetUpdated } from './on-asset-updated.ts';
import { onCorporateActionEffective } from './on-corporate-action-effective.ts';
import { onMonthEnded } from './on-month-ended.ts';
import { onOrderCompleted } from './on-order-completed.ts';
import { onOrderCreated } from './on-order-created.ts';
import { onOrderFilled } from './on-order-filled.ts';
import { onQuotePublished } from './on-quote-published.ts';
import { performanceHandlers } from './performance-consumers.ts';

/** What holdings does about each event that its queue carries. */
export const handlers = (deps: Deps): readonly Handler<Tx>[] => [
  handler(AccountOpenedV1, onAccountChanged),
  handler(AccountStatusChangedV1, onAccountChanged),
  handler(MonthEndedV1, onMonthEnded(deps)),
  handler(AssetUpdatedV1, onAssetUpdated),
  handler(CorporateActionEffectiveV1, onCorporateActionEffective(deps)),
  handler(QuotePublishedV1, onQuotePublished),
  handler(OrderCreatedV1, onOrderCreated(deps), ({ payload }) =>
    payload.side === 'SELL' ? 'reserve_position' : null,
  ),
  handler(OrderFilledV1, onOrderFilled(deps)),
  handler(OrderCompletedV1, onOrderCompleted(deps)),
  ...performanceHandlers,
];

import * as accounts from './accounts.ts';
import * as assets from './assets.ts';
import * as holdings from './holdings.ts';
import * as market from './market.ts';
import * as orders from './orders.ts';
import * as strategies from './strategies.ts';

export const subscribers = [
  'accounts',
  'orders',
  'holdings',
  'assets',
  'strategies',
  'market',
  'notifications',
] as const;
export type Subscriber = (typeof subscribers)[number];

/** Who listens to what: the one routing table, read by relays and checked by consumers. */
const listens = {
  accounts: [
    orders.OrderCreatedV1,
    orders.OrderFilledV1,
    orders.OrderCompletedV1,
    holdings.PositionChangedV1,
    holdings.PositionSplitV1,
    holdings.DividendDueV1,
    holdings.MonthClosedV1,
    strategies.PlanRunFundingV1,
  ],
  orders: [
    accounts.AccountOpenedV1,
    accounts.AccountStatusChangedV1,
    accounts.FundsHeldV1,
    accounts.FundsRefusedV1,
    assets.AssetUpdatedV1,
    assets.CorporateActionEffectiveV1,
    holdings.PositionReservedV1,
    holdings.PositionRefusedV1,
    market.OrderPlacedV1,
    market.TradeExecutedV1,
    market.OrderFailedV1,
    market.VenueOrderExpiredV1,
    market.VenueOrderCanceledV1,
    market.OrderCancelRefusedV1,
    market.QuoteChangedV1,
    strategies.StrategyOrderReadyV1,
    strategies.RebalanceReadyV1,
  ],
  holdings: [
    accounts.AccountOpenedV1,
    accounts.AccountStatusChangedV1,
    accounts.MonthEndedV1,
    accounts.PaymentCompletedV1,
    accounts.PaymentReturnedV1,
    accounts.DividendPaidV1,
    accounts.CashCorrectedV1,
    strategies.StrategyCreatedV1,
    strategies.StrategyVersionPublishedV1,
    strategies.StrategyElectedV1,
    assets.PriceClosedV1,
    assets.AssetUpdatedV1,
    assets.CorporateActionEffectiveV1,
    assets.QuotePublishedV1,
    orders.OrderCreatedV1,
    orders.OrderFilledV1,
    orders.OrderCompletedV1,
  ],
  assets: [market.QuoteChangedV1],
  strategies: [
    accounts.AccountOpenedV1,
    accounts.AccountStatusChangedV1,
    accounts.PaymentCreatedV1,
    accounts.PaymentCompletedV1,
    accounts.PaymentFailedV1,
    accounts.PaymentCanceledV1,
    accounts.PlanFundingRefusedV1,
    assets.AssetUpdatedV1,
    assets.QuotePublishedV1,
    holdings.PositionChangedV1,
    orders.OrderCreatedV1,
    orders.OrderCompletedV1,
    orders.OrderRejectedV1,
  ],
  market: [
    orders.OrderOpenedV1,
    orders.OrderRebasedV1,
    orders.OrderCancelRequestedV1,
    assets.AssetUpdatedV1,
  ],
  notifications: [
    accounts.CustomerRegisteredV1,
    accounts.CustomerSignedInV1,
    accounts.TokensRevokedV1,
    accounts.PasswordChangedV1,
    accounts.SignUpRepeatedV1,
    accounts.SessionCompromisedV1,
    accounts.AccountOpenedV1,
    accounts.AccountStatusChangedV1,
    accounts.PaymentCompletedV1,
    accounts.PaymentFailedV1,
    accounts.PaymentReturnedV1,
    accounts.DividendPaidV1,
    accounts.StatementReadyV1,
    orders.OrderCompletedV1,
    orders.OrderRejectedV1,
    strategies.StrategyCreatedV1,
    strategies.StrategyOrderCompletedV1,
    strategies.PlanRunCompletedV1,
    strategies.PlanRunSkippedV1,
    strategies.PlanRunFailedV1,
    strategies.RebalanceCompletedV1,
  ],
} as const;

/** Wire names that a subscriber's queue carries; its table of handlers must name exactly these. */
export const eventsFor = (subscriber: Subscriber): readonly string[] =>
  listens[subscriber].map(({ name }) => name);

const byEvent = new Map<string, Subscriber[]>();
for (const subscriber of subscribers) {
  for (const name of eventsFor(subscriber)) {
    byEvent.set(name, [...(byEvent.get(name) ?? []), subscriber]);
  }
}

/** Empty for an event that nobody listens to yet; it is kept in its outbox all the same. */
export const subscribersOf = (eventName: string): readonly Subscriber[] =>
  byEvent.get(eventName) ?? [];

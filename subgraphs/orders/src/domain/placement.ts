import { Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import type { MarketHours } from '@simplebank/kernel/market-hours';
import { isCurrency, minorDigitsOf, quantityDecimals } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type Account, allows } from './account.ts';
import type { Asset } from './asset.ts';
import { defaultPlan } from './fee-schedule.ts';
import { type CommissionTerms, holdOf, tradeValueOf } from './fees.ts';
import type { OrderType, Side, Terms, TimeInForce } from './order.ts';
import { collarOf, isOnTick, type Quote, referenceOf } from './prices.ts';
import { localDateOf } from './trading-day.ts';

/** What a customer, or a strategy on their behalf, asks for. */
export type Draft = {
  readonly id: string;
  readonly customerId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: Decimal | null;
  readonly amount: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly strategyOrderId: string | null;
};

/** What is known here when an order is placed; the hold and the reservation are the authority. */
export type Knowledge = {
  readonly account: Account;
  readonly asset: Asset | null;
  readonly quote: Quote | null;
  readonly now: Date;
  readonly hours: MarketHours;
};

export type RefusalCode =
  | 'QUANTITY_OR_AMOUNT'
  | 'QUANTITY_NOT_POSITIVE'
  | 'QUANTITY_PRECISION'
  | 'AMOUNT_BELOW_MINIMUM'
  | 'AMOUNT_PRECISION'
  | 'NOT_FRACTIONABLE'
  | 'PRICE_REQUIRED'
  | 'PRICE_NOT_ALLOWED'
  | 'PRICE_NOT_POSITIVE'
  | 'PRICE_OFF_TICK'
  | 'TIME_IN_FORCE_NOT_ALLOWED'
  | 'ASSET_NOT_TRADABLE'
  | 'ASSET_SELL_ONLY'
  | 'ASSET_HALTED'
  | 'PRICE_UNAVAILABLE'
  | 'ACCOUNT_STATUS'
  | 'CURRENCY_MISMATCH'
  | 'ORDER_TOO_LARGE'
  | 'IDEMPOTENCY_KEY_REUSED';

const minimumAmount = new Decimal(1);
/** Far below what the columns hold, so that no valid order can break one (our choice). */
const valueMax = new Decimal(10_000_000);
const quantityMax = new Decimal(1_000_000_000);
const priceMax = new Decimal(1_000_000);
const goodTillCanceledMs = 90 * 86_400_000;

/** The terms of the order, or why it may not be placed (domain §3.3). The form is judged first. */
export function place(draft: Draft, known: Knowledge): Result<Terms, RefusalCode> {
  const refused = formRefusal(draft) ?? standingRefusal(draft, known);
  if (refused) return refuse(refused);
  const { account, asset, now, hours } = known;
  if (!asset) return refuse('ASSET_NOT_TRADABLE');
  if (!isCurrency(account.currency)) return refuse('CURRENCY_MISMATCH');

  const priced = price(draft, known);
  if (!priced.ok) return priced;
  const venuePrice = priced.value;
  if (isTooLarge(draft, venuePrice)) return refuse('ORDER_TOO_LARGE');

  const { currency } = account;
  const commission = { plan: defaultPlan, date: localDateOf(now), currency };
  return ok({
    ...draft,
    accountId: account.id,
    assetId: asset.id,
    symbol: asset.symbol,
    assetName: asset.name,
    currency,
    venuePrice,
    tradeValue: draft.amount && tradeValueOf(draft.amount, commission),
    holdAmount: holdAmountOf(draft, venuePrice, commission),
    commissionPlan: commission.plan,
    commissionDate: commission.date,
    expiresAt:
      draft.timeInForce === 'DAY'
        ? hours.dayEnd(now)
        : new Date(now.getTime() + goodTillCanceledMs),
    createdAt: now,
  });
}

/** What is wrong with the order itself, whatever the asset and the account. */
function formRefusal(draft: Draft): RefusalCode | null {
  return sizeRefusal(draft) ?? priceRefusal(draft) ?? timeRefusal(draft);
}

function sizeRefusal({ quantity, amount, side }: Draft): RefusalCode | null {
  if ((quantity === null) === (amount === null)) return 'QUANTITY_OR_AMOUNT';
  // Sales by amount are not offered; a sale is by quantity.
  if (amount && side === 'SELL') return 'QUANTITY_OR_AMOUNT';
  if (quantity && !quantity.greaterThan(0)) return 'QUANTITY_NOT_POSITIVE';
  if (quantity && decimalsOf(quantity) > quantityDecimals) return 'QUANTITY_PRECISION';
  if (amount && decimalsOf(amount) > minorDigitsOf('USD')) return 'AMOUNT_PRECISION';
  if (amount?.lessThan(minimumAmount)) return 'AMOUNT_BELOW_MINIMUM';
  return null;
}

function priceRefusal({ type, limitPrice }: Draft): RefusalCode | null {
  if (type === 'MARKET') return limitPrice === null ? null : 'PRICE_NOT_ALLOWED';
  if (limitPrice === null) return 'PRICE_REQUIRED';
  if (!limitPrice.greaterThan(0)) return 'PRICE_NOT_POSITIVE';
  return isOnTick(limitPrice) ? null : 'PRICE_OFF_TICK';
}

/** Parts of a share, and so money, trade within one day only. */
function timeRefusal({ timeInForce, quantity }: Draft): RefusalCode | null {
  if (timeInForce === 'DAY' || quantity?.isInteger()) return null;
  return 'TIME_IN_FORCE_NOT_ALLOWED';
}

/** What the account's and the asset's states forbid. */
function standingRefusal(draft: Draft, { account, asset }: Knowledge): RefusalCode | null {
  if (!allows(account, draft.side)) return 'ACCOUNT_STATUS';
  if (!asset || asset.type === 'CASH' || asset.state === 'DELISTED') return 'ASSET_NOT_TRADABLE';
  if (asset.state === 'HALTED') return 'ASSET_HALTED';
  if (asset.state === 'SELL_ONLY' && draft.side === 'BUY') return 'ASSET_SELL_ONLY';
  if (asset.currency !== account.currency) return 'CURRENCY_MISMATCH';
  if (!asset.fractionable && !draft.quantity?.isInteger()) return 'NOT_FRACTIONABLE';
  return null;
}

/** The limit, or the collar around the reference price. */
function price(draft: Draft, { quote, now, hours }: Knowledge): Result<Decimal, RefusalCode> {
  if (draft.limitPrice) return ok(draft.limitPrice);
  const reference = referenceOf(quote, draft.side, { now, marketOpen: hours.isOpen(now) });
  const collar = reference && collarOf(reference, draft.side);
  return collar?.greaterThan(0) ? ok(collar) : refuse('PRICE_UNAVAILABLE');
}

function isTooLarge({ quantity, amount }: Draft, venuePrice: Decimal): boolean {
  if (venuePrice.greaterThan(priceMax)) return true;
  if (!quantity) return amount?.greaterThan(valueMax) ?? false;
  return quantity.greaterThan(quantityMax) || quantity.times(venuePrice).greaterThan(valueMax);
}

/** Null for a sale, which reserves its quantity instead. */
function holdAmountOf(draft: Draft, venuePrice: Decimal, terms: CommissionTerms): Decimal | null {
  if (draft.side === 'SELL') return null;
  return draft.quantity ? holdOf(draft.quantity, venuePrice, terms) : draft.amount;
}

import { CalendarUnknown, settlementDate, tradeDateOf } from '@simplebank/kernel/calendar';
import { Decimal } from '@simplebank/kernel/decimal';
import type { MarketHours } from '@simplebank/kernel/market-hours';
import { isCurrency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type Account, allows } from './account.ts';
import type { Asset } from './asset.ts';
import type { Asked, Draft, TermsRefusal } from './draft.ts';
import type { CommissionPlan } from './fee-schedule.ts';
import { type CommissionTerms, holdOf, tradeValueOf } from './fees.ts';
import { priceMax, quantityMax, type Terms, type TimeInForce } from './order.ts';
import { formRefusal, isAtOnce } from './order-form.ts';
import { collarOf, type Quote, referenceOf } from './prices.ts';
import { defaultTicks, type Ticks } from './ticks.ts';
import { localDateOf } from './trading-day.ts';

/** What is known here when an order is placed; the hold and the reservation are the authority. */
export type Knowledge = {
  readonly account: Account;
  /** The plan that the account is on now. */
  readonly plan: CommissionPlan;
  readonly asset: Asset | null;
  readonly quote: Quote | null;
  readonly now: Date;
  readonly hours: MarketHours;
};

/** What an order would be agreed to be, but for the request that asks for it. */
export type Reckoned = Omit<Terms, Exclude<keyof Draft, keyof Asked>>;

/** As the bounds of quantity and price (our choice). */
const valueMax = new Decimal(10_000_000);
const goodTillCanceledMs = 90 * 86_400_000;

/** The terms of the order, or why it may not be placed (domain §3.3). */
export function place(draft: Draft, known: Knowledge): Result<Terms, TermsRefusal> {
  const reckoned = reckon(draft, known);
  return reckoned.ok ? ok({ ...draft, ...reckoned.value }) : reckoned;
}

/** The same for an order that nobody has asked for yet. The form is judged first. */
export function reckon(asked: Asked, known: Knowledge): Result<Reckoned, TermsRefusal> {
  const { account, asset, now } = known;
  const { currency } = account;
  if (!isCurrency(currency)) return refuse('CURRENCY_MISMATCH');
  const refused =
    formRefusal(asked, { currency, ticks: ticksOf(asset) }) ??
    calendarRefusal(asked.timeInForce, known) ??
    standingRefusal(asked, known);
  if (refused) return refuse(refused);
  if (!asset) return refuse('ASSET_NOT_TRADABLE');

  const priced = price(asked, known);
  if (!priced.ok) return priced;
  const venuePrice = priced.value;
  if (isTooLarge(asked, venuePrice)) return refuse('ORDER_TOO_LARGE');

  const { side, type, timeInForce, quantity, amount, limitPrice, stopPrice } = asked;
  const commission = { plan: known.plan, date: localDateOf(now), currency };
  return ok({
    ...{ side, type, timeInForce, quantity, amount, limitPrice, stopPrice },
    ...{ accountId: account.id, assetId: asset.id, symbol: asset.symbol, assetName: asset.name },
    ...money(asked, venuePrice, commission),
    currency,
    venuePrice,
    expiresAt: endOf(timeInForce, known),
    createdAt: now,
  });
}

/** Of an asset that nobody knows the price is judged by the steps of most. */
const ticksOf = (asset: Asset | null): Ticks => asset?.ticks ?? defaultTicks;

/** What is spent and held, and on which commission. A sale reserves its quantity instead. */
function money(asked: Asked, highest: Decimal, commission: CommissionTerms) {
  const { side, quantity, amount } = asked;
  const hold = quantity ? holdOf(quantity, highest, commission) : amount;
  return {
    tradeValue: amount && tradeValueOf(amount, commission),
    holdAmount: side === 'BUY' ? hold : null,
    commissionPlan: commission.plan,
    commissionDate: commission.date,
  };
}

/** An order may trade until its end, and whatever it trades must have a date to settle on. */
function calendarRefusal(timeInForce: TimeInForce, known: Knowledge): TermsRefusal | null {
  try {
    const lastInstant = new Date(endOf(timeInForce, known).getTime() - 1);
    for (const at of [known.now, lastInstant]) settlementDate(tradeDateOf(at));
    return null;
  } catch (error) {
    if (error instanceof CalendarUnknown) return error.code;
    throw error;
  }
}

/** What the account's and the asset's states forbid, and the hour. */
function standingRefusal(asked: Asked, known: Knowledge): TermsRefusal | null {
  const { account, asset, now, hours } = known;
  if (!allows(account, asked.side)) return 'ACCOUNT_STATUS';
  if (!asset || asset.type === 'CASH' || asset.state === 'DELISTED') return 'ASSET_NOT_TRADABLE';
  if (asset.state === 'HALTED') return 'ASSET_HALTED';
  if (asset.state === 'SELL_ONLY' && asked.side === 'BUY') return 'ASSET_SELL_ONLY';
  if (asset.currency !== account.currency) return 'CURRENCY_MISMATCH';
  if (!asset.fractionable && !asked.quantity?.isInteger()) return 'NOT_FRACTIONABLE';
  // Nothing can trade at once while the market is closed, and such an order does not wait.
  if (isAtOnce(asked.timeInForce) && !hours.isOpen(now)) return 'TIME_IN_FORCE_NOT_ALLOWED';
  return null;
}

/** The limit; the collar around the stop, or around the reference price of a market order. */
function price(asked: Asked, known: Knowledge): Result<Decimal, TermsRefusal> {
  const { side, limitPrice, stopPrice } = asked;
  const { asset, quote, now, hours } = known;
  const ticks = ticksOf(asset);
  if (limitPrice) return ok(limitPrice);
  if (stopPrice) return ok(collarOf(stopPrice, side, ticks));
  const reference = referenceOf(quote, side, { now, marketOpen: hours.isOpen(now) });
  const collar = reference && collarOf(reference, side, ticks);
  return collar?.greaterThan(0) ? ok(collar) : refuse('PRICE_UNAVAILABLE');
}

function isTooLarge({ quantity, amount, stopPrice }: Asked, venuePrice: Decimal): boolean {
  if (venuePrice.greaterThan(priceMax) || stopPrice?.greaterThan(priceMax)) return true;
  if (!quantity) return amount?.greaterThan(valueMax) ?? false;
  return quantity.greaterThan(quantityMax) || quantity.times(venuePrice).greaterThan(valueMax);
}

/** GTC lives 90 days; everything else ends with the current or next trading day at the latest. */
const endOf = (timeInForce: TimeInForce, { now, hours }: Knowledge): Date =>
  timeInForce === 'GTC' ? new Date(now.getTime() + goodTillCanceledMs) : hours.dayEnd(now);

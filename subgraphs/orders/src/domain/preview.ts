import { tradeDateOf } from '@simplebank/kernel/calendar';
import { Decimal, zero } from '@simplebank/kernel/decimal';
import { type Currency, quantityDecimals, roundCash } from '@simplebank/kernel/money';
import { ok, type Result } from '@simplebank/kernel/result';
import type { AccountKey } from './account.ts';
import type { Asked, TermsRefusal } from './draft.ts';
import { type Fees, feesOn, totalOf } from './fees.ts';
import { type Knowledge, type Reckoned, reckon } from './placement.ts';
import { isOld, priceFor, type Quote } from './prices.ts';

type Warning =
  | 'MARKET_CLOSED'
  | 'PRICE_STALE'
  | 'STOP_TRIGGERS_AT_ONCE'
  | 'LIMIT_TRADES_AT_ONCE'
  | 'LIMIT_BEYOND_STOP'
  | 'AMOUNT_LEAVES_REMAINDER'
  | 'FEES_TAKE_PROCEEDS';

/** What an order would come to at the price known now (domain §3.3, previewOrder). */
export type Preview = {
  readonly account: AccountKey;
  readonly assetId: string;
  readonly symbol: string;
  readonly name: string;
  readonly currency: Currency;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly value: Decimal;
  readonly fees: Fees;
  /** Value and fees of a buy, value less fees of a sale. */
  readonly total: Decimal;
  /** Money set aside by a buy, shares by a sale; zero otherwise. */
  readonly hold: Decimal;
  readonly reservedQuantity: Decimal;
  readonly expiresAt: Date;
  /** When the price known is from; null without one. */
  readonly pricedAt: Date | null;
  readonly isStale: boolean;
  readonly warnings: readonly Warning[];
};

/** Reckons an order as placing it would, and refuses it alike; nothing is written. */
export function preview(asked: Asked, known: Knowledge): Result<Preview, TermsRefusal> {
  const reckoned = reckon(asked, known);
  if (!reckoned.ok) return reckoned;
  const terms = reckoned.value;
  const estimate = estimateOf(terms, known);
  const { quote } = known;
  const { side, currency, assetId, symbol, assetName, expiresAt } = terms;
  return ok({
    ...estimate,
    ...{ account: { id: terms.accountId }, assetId, symbol, name: assetName, currency, expiresAt },
    hold: terms.holdAmount ?? zero,
    reservedQuantity: side === 'SELL' ? estimate.quantity : zero,
    pricedAt: quote?.at ?? null,
    isStale: restsOnOld(known),
    warnings: warningsOf(terms, known, estimate),
  });
}

type Estimate = Pick<Preview, 'price' | 'quantity' | 'value' | 'fees' | 'total'>;

function estimateOf(terms: Reckoned, { quote, now, hours }: Knowledge): Estimate {
  const price = estimatedPrice(terms, quote);
  const { side, currency, commissionPlan: plan, commissionDate: date } = terms;
  const quantity = terms.quantity ?? affordable(terms.tradeValue ?? zero, price);
  const gross = quantity.times(price);
  const value = roundCash(gross, currency);
  const days = [{ tradeDate: tradeDateOf(hours.nextOpen(now)), quantity, gross }];
  const fees = feesOn({ side, terms: { plan, date, currency }, gross, days });
  const total = side === 'BUY' ? value.plus(totalOf(fees)) : value.minus(totalOf(fees));
  return { price, quantity, value, fees, total };
}

const affordable = (money: Decimal, price: Decimal): Decimal =>
  money.div(price).toDecimalPlaces(quantityDecimals, Decimal.ROUND_DOWN);

/** Where it would trade now, or once its stop is reached; never past its limit or its collar. */
function estimatedPrice(terms: Reckoned, quote: Quote | null): Decimal {
  const { side, venuePrice } = terms;
  const now = (quote && priceFor(quote, side)) ?? venuePrice;
  const expected = terms.stopPrice && !isTriggered(terms, quote) ? terms.stopPrice : now;
  return side === 'BUY' ? Decimal.min(expected, venuePrice) : Decimal.max(expected, venuePrice);
}

/** The last price has reached the stop: risen to it for a buy, fallen to it for a sale. */
function isTriggered({ side, stopPrice }: Reckoned, quote: Quote | null): boolean {
  if (!stopPrice || !quote?.last.greaterThan(0)) return false;
  return side === 'BUY'
    ? quote.last.greaterThanOrEqualTo(stopPrice)
    : quote.last.lessThanOrEqualTo(stopPrice);
}

function warningsOf(terms: Reckoned, known: Knowledge, estimate: Estimate): Warning[] {
  const { quote, now, hours } = known;
  const { type, side, amount } = terms;
  const warnings: readonly (readonly [Warning, boolean])[] = [
    ['MARKET_CLOSED', !hours.isOpen(now)],
    ['PRICE_STALE', restsOnOld(known)],
    ['STOP_TRIGGERS_AT_ONCE', isTriggered(terms, quote)],
    ['LIMIT_TRADES_AT_ONCE', type === 'LIMIT' && isMarketable(terms, quote)],
    ['LIMIT_BEYOND_STOP', isLimitBeyondStop(terms)],
    ['AMOUNT_LEAVES_REMAINDER', amount?.greaterThan(estimate.total) ?? false],
    ['FEES_TAKE_PROCEEDS', side === 'SELL' && !estimate.total.greaterThan(0)],
  ];
  return warnings.flatMap(([warning, isDue]) => (isDue ? [warning] : []));
}

const restsOnOld = ({ quote, now }: Knowledge): boolean => quote !== null && isOld(quote, now);

function isMarketable({ side, venuePrice }: Reckoned, quote: Quote | null): boolean {
  const now = quote && priceFor(quote, side);
  if (!now) return false;
  return side === 'BUY' ? now.lessThanOrEqualTo(venuePrice) : now.greaterThanOrEqualTo(venuePrice);
}

function isLimitBeyondStop({ side, limitPrice, stopPrice }: Reckoned): boolean {
  if (!limitPrice || !stopPrice) return false;
  return side === 'BUY' ? limitPrice.lessThan(stopPrice) : limitPrice.greaterThan(stopPrice);
}

import { type Decimal, sum } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import { roundCash } from '@simplebank/kernel/money';
import { splitLots } from '../../actions/domain/split-lots.ts';
import type { Execution } from '../../domain/execution.ts';
import { type Lot, type Match, openLot, sellFifo } from '../../domain/lot.ts';

/** A purchase, a sale or a split of one asset, on a day. */
export type HistoryTrade =
  | {
      readonly kind: 'BUY' | 'SELL';
      readonly date: string;
      readonly quantity: Decimal;
      readonly price: Decimal;
      readonly fee: Decimal;
    }
  | {
      readonly kind: 'SPLIT';
      readonly date: string;
      readonly numerator: number;
      readonly denominator: number;
    };

type PlayedSale = {
  readonly date: string;
  readonly proceeds: Decimal;
  readonly matches: readonly Match[];
};
export type PlayedHistory = {
  readonly sales: readonly PlayedSale[];
  /** All lots, oldest first, emptied ones as well. */
  readonly lots: readonly Lot[];
};

/** A sale takes more than there is; `at` is its place in the history. */
export class SoldTooMuch extends Error {
  readonly at: number;
  constructor(at: number) {
    super(`trade ${at} sells more than there is`);
    this.at = at;
  }
}

/**
 * Plays the trades of one asset in dollars by the rules of lots (domain §4.1, §4.4): by date, on a
 * day in the order given, a split before all else of its day. Throws SoldTooMuch.
 */
export function playTrades(trades: readonly HistoryTrade[]): PlayedHistory {
  let lots: readonly Lot[] = [];
  const sales: PlayedSale[] = [];
  const inOrder = trades.map((trade, at) => ({ trade, at })).sort(byDay);
  for (const { trade, at } of inOrder) {
    if (trade.kind === 'SPLIT') {
      lots = splitLots(lots, trade).lots;
      continue;
    }
    const execution = executionOf(trade, at);
    if (trade.kind === 'BUY') {
      lots = [...lots, openLot(execution, execution.executionId)];
      continue;
    }
    const held = sum(lots.map(({ remaining }) => remaining));
    if (trade.quantity.greaterThan(held)) throw new SoldTooMuch(at);
    const sold = sellFifo(lots, saleOf(execution));
    lots = sold.lots;
    sales.push({ date: trade.date, proceeds: execution.value, matches: sold.matches });
  }
  return { sales, lots };
}

type Placed = { readonly trade: HistoryTrade; readonly at: number };

function byDay(a: Placed, b: Placed): number {
  if (a.trade.date !== b.trade.date) return a.trade.date < b.trade.date ? -1 : 1;
  const rank = ({ trade }: Placed): number => (trade.kind === 'SPLIT' ? 0 : 1);
  return rank(a) - rank(b) || a.at - b.at;
}

const currency = 'USD';

function executionOf(trade: Exclude<HistoryTrade, { kind: 'SPLIT' }>, at: number): Execution {
  const { kind, date, quantity, price, fee } = trade;
  const place = String(at).padStart(9, '0');
  return {
    orderId: `order-${place}` as OrderId,
    executionId: `execution-${place}`,
    ...{ accountId: 'account' as AccountId, assetId: 'asset' as AssetId },
    ...{ side: kind, currency, quantity, value: roundCash(quantity.times(price), currency), fee },
    ...{ ordinal: 1, late: false, executedAt: new Date(`${date}T12:00:00Z`) },
    ...{ tradeDate: date, settlementDate: date },
  };
}

const saleOf = (sale: Execution) => ({
  ...{ orderId: sale.orderId, executionId: sale.executionId, at: sale.executedAt },
  ...{ soldOn: sale.tradeDate, currency: sale.currency, quantity: sale.quantity },
  ...{ proceeds: sale.value, fee: sale.fee },
});

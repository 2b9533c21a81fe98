import { type Decimal, zero } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import { byMoment, type Moment } from '../../domain/execution.ts';
import { type Lot, type Match, type Sale, sellFifo } from '../../domain/lot.ts';
import { toParts } from '../../domain/minor-units.ts';
import { type Dividend, fromParts, type Split, splitParts } from './action.ts';
import { type LotChange, splitLots } from './split-lots.ts';

/** An execution as far as the customer's shares took part in it: without what was missing. */
export type Trade = Moment & {
  readonly side: 'BUY' | 'SELL';
  readonly accountId: AccountId;
  readonly assetId: AssetId;
  readonly orderId: OrderId;
  readonly tradeDate: string;
  readonly currency: Currency;
  readonly quantity: Decimal;
  readonly value: Decimal;
  readonly fee: Decimal;
};

export const tradeKey = ({ orderId, executionId }: Pick<Trade, 'orderId' | 'executionId'>) =>
  `${orderId} ${executionId}`;

/** Everything that ever happened to a position; splits by ex-date. */
export type History = { readonly trades: readonly Trade[]; readonly splits: readonly Split[] };

export type SplitDone = {
  readonly split: Split;
  readonly before: Decimal;
  readonly after: Decimal;
  readonly lots: readonly LotChange[];
};

/** Trades before each split and those after the last, each in the order of their executions. */
function stagesOf({ trades, splits }: History): Trade[][] {
  const stages: Trade[][] = [[], ...splits.map(() => [])];
  for (const trade of [...trades].sort(byMoment)) {
    stages[splits.filter(({ exDate }) => exDate <= trade.tradeDate).length]?.push(trade);
  }
  return stages;
}

export type Replayed = {
  readonly lots: readonly Lot[];
  readonly matches: readonly Match[];
  readonly splits: readonly SplitDone[];
};

/**
 * The lots and matches of a position from the definition: the trades of each day before an ex-date
 * in the shares of that time, then the split, then what came after. So an execution that is told
 * after a split it was made before is scaled with the others (domain §13, laws 5 and 6).
 * `idOf` names the lot of a buy. Throws when sales take more than there was; `shortfalls` says so.
 */
export function replay(history: History, idOf: (trade: Trade) => string): Replayed {
  let lots: readonly Lot[] = [];
  const matches: Match[] = [];
  const splits: SplitDone[] = [];
  stagesOf(history).forEach((stage, index) => {
    const buys = stage.filter(({ side }) => side === 'BUY');
    lots = [...lots, ...buys.map((trade) => lotOf(trade, idOf(trade)))];
    for (const trade of stage.filter(({ side }) => side === 'SELL')) {
      const sold = sellFifo(lots, saleOf(trade));
      lots = sold.lots;
      matches.push(...sold.matches);
    }
    const split = history.splits[index];
    if (!split) return;
    const done = splitLots(lots, split);
    lots = done.lots;
    const total = (side: 'before' | 'after') =>
      done.changes.reduce((all, change) => all.plus(change[side]), zero);
    splits.push({ split, before: total('before'), after: total('after'), lots: done.changes });
  });
  return { lots, matches, splits };
}

/** How many shares each sale lacks of those there were then, and what is held at the end. */
export function shortfalls(history: History): {
  readonly lacking: ReadonlyMap<string, Decimal>;
  readonly held: Decimal;
} {
  const lacking = new Map<string, Decimal>();
  let held = 0n;
  stagesOf(history).forEach((stage, index) => {
    for (const { side, quantity } of stage) if (side === 'BUY') held += toParts(quantity);
    for (const trade of stage.filter(({ side }) => side === 'SELL')) {
      const wanted = toParts(trade.quantity);
      const covered = wanted < held ? wanted : held;
      held -= covered;
      if (covered < wanted) lacking.set(tradeKey(trade), fromParts(wanted - covered));
    }
    const split = history.splits[index];
    if (split) held = splitParts(held, split);
  });
  return { lacking, held: fromParts(held) };
}

/** What was held at the close of the day before a dividend's ex-date, through earlier splits. */
export function entitledTo({ exDate }: Dividend, { trades, splits }: History): Decimal {
  const past = {
    trades: trades.filter(({ tradeDate }) => tradeDate < exDate),
    splits: splits.filter((split) => split.exDate < exDate),
  };
  return shortfalls(past).held;
}

const lotOf = (buy: Trade, id: string): Lot => ({
  id,
  accountId: buy.accountId,
  assetId: buy.assetId,
  orderId: buy.orderId,
  executionId: buy.executionId,
  at: buy.at,
  acquiredOn: buy.tradeDate,
  currency: buy.currency,
  quantity: buy.quantity,
  cost: buy.value,
  fee: buy.fee,
  remaining: buy.quantity,
  remainingCost: buy.value,
  remainingFee: buy.fee,
  splitChange: zero,
});

const saleOf = (trade: Trade): Sale => ({
  orderId: trade.orderId,
  executionId: trade.executionId,
  at: trade.at,
  soldOn: trade.tradeDate,
  currency: trade.currency,
  quantity: trade.quantity,
  proceeds: trade.value,
  fee: trade.fee,
});

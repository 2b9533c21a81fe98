import { asLeader } from '@simplebank/chassis/leader';
import * as book from '../data/book.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { type BookReport, type Quote, type Turn, turn } from '../domain/book.ts';
import { chance } from '../domain/chance.ts';
import { isHaltedByChance } from '../domain/halts.ts';
import type { BookOrder } from '../domain/order.ts';
import { quoteAt } from '../domain/prices.ts';

const ordersPerTurn = 500;
const leaderPauseMs = 100;

export type Traded = {
  readonly traded: number;
  /** For how long there is nothing to do; null while no order works. */
  readonly pauseMs: number | null;
};

/** Trades what is due now. Only one engine trades at a time, whatever the number of processes. */
export async function tradeDue(deps: Deps): Promise<Traded> {
  const { db, transact, clock } = deps;
  const waitMs = (at: Date | null) => (at === null ? null : at.getTime() - clock.now().getTime());
  const idleMs = waitMs(await book.nextDue(db));
  if (idleMs === null || idleMs > 0) return { traded: 0, pauseMs: idleMs };
  // Another process trades what is due: let it.
  let result: Traded = { traded: 0, pauseMs: leaderPauseMs };
  await asLeader(transact, 'venue.trade', async (tx) => {
    const traded = await tradeLocked(tx, deps);
    const leftMs = waitMs(await book.nextDue(tx));
    result = { traded, pauseMs: leftMs === null ? null : Math.max(0, leftMs) };
  });
  return result;
}

async function tradeLocked(tx: Tx, deps: Deps): Promise<number> {
  const now = deps.clock.now();
  const due = await book.lockDue(tx, now, ordersPerTurn);
  if (due.length === 0) return 0;
  const quoteOf = quotesNow(deps, now);
  const { seed, thinPercent } = deps;
  const turns = due.map(({ order, halted }) =>
    turn(order, { seed, now, thinPercent, quote: halted ? null : quoteOf(order.symbol) }),
  );
  const told = turns.flatMap(({ order, reports }) => repeated(deps, order, reports));
  await book.saveBook(tx, turns.map(changeOf));
  if (told.length > 0) await book.appendReports(tx, told);
  return due.length;
}

/** Each symbol has one price in one turn; null while it does not trade. */
function quotesNow(deps: Deps, now: Date): (symbol: string) => Quote | null {
  if (!deps.hours.isOpen(now)) return () => null;
  const known = new Map<string, Quote | null>();
  return (symbol) => {
    const before = known.get(symbol);
    if (before !== undefined) return before;
    const quote = isHaltedByChance(deps, symbol, now) ? null : quoteAt(deps.seed, symbol, now);
    known.set(symbol, quote);
    return quote;
  };
}

/** The venue may tell the same thing twice. */
function repeated({ seed, duplicatePercent }: Deps, order: BookOrder, reports: Turn['reports']) {
  const isTwice = ({ clientId, kind }: BookReport): boolean =>
    chance(seed, clientId, kind, order.executions, 'twice') % 100 < duplicatePercent;
  return reports.flatMap((report) => (isTwice(report) ? [report, report] : [report]));
}

const changeOf = ({ order, end, nextAt }: Turn): book.BookChange => {
  const { clientId, triggered, filledQuantity, filledValue, executions } = order;
  const filled = { filledQuantity, filledValue, executions };
  return { clientId, triggered, ...filled, status: end ?? 'WORKING', nextAt };
};

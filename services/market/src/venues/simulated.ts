import type { Transact } from '@simplebank/chassis/database';
import { asLeader } from '@simplebank/chassis/leader';
import type { Clock } from '@simplebank/kernel/clock';
import { Decimal } from '@simplebank/kernel/decimal';
import type { MarketHours } from '@simplebank/kernel/market-hours';
import type { Database, Tx } from '../data/client.ts';
import * as book from '../data/simulated-book.ts';
import { chance } from '../domain/chance.ts';
import { fillPause, type Turn, turn } from '../domain/simulated-book.ts';
import type { Instruction, PlaceAnswer, ReportPage, Venue, VenueReport } from '../venue.ts';
import { quoteAt } from './simulated-prices.ts';

const simulatedName = 'simulated';

export type SimulatedOptions = {
  readonly db: Database;
  readonly transact: Transact<Tx>;
  readonly clock: Clock;
  readonly hours: MarketHours;
  readonly seed: string;
  readonly rejectSymbols: readonly string[];
  readonly rejectPercent: number;
  readonly duplicatePercent: number;
};

export type SimulatedVenue = Venue & {
  /**
   * Trades what is due now. Only one engine trades at a time, whatever the number of processes.
   */
  readonly trade: () => Promise<Traded>;
};
type Traded = {
  readonly traded: number;
  /** For how long there is nothing to do; null while no order works. */
  readonly pauseMs: number | null;
};

const ordersPerTurn = 500;
const reportsPerPage = 1_000;
const percentages = 100;
const leaderPauseMs = 100;

/**
 * A venue of our own making that plays an outside party: its book survives a crash of this process
 * in its own tables. The same seed gives the same prices, fills, rejects, duplicates and delays.
 */
export function simulatedVenue(options: SimulatedOptions): SimulatedVenue {
  const { db, clock, hours, seed } = options;
  return {
    name: simulatedName,
    isOpen: hours.isOpen,
    place: (instructions) => place(options, instructions),
    find: async (clientIds) => (await book.entriesOf(db, clientIds)).map(answerOf),
    async cancel(clientIds) {
      const accepted = await book.askToCancel(db, clientIds, clock.now());
      return clientIds.map((clientId) => ({ clientId, accepted: accepted.has(clientId) }));
    },
    reports: (after) => reports(db, after),
    quotes: async (symbols, at) =>
      new Map(symbols.map((symbol) => [symbol, quoteAt(seed, symbol, at)])),
    trade: () => trade(options),
  };
}

async function place(
  options: SimulatedOptions,
  instructions: readonly Instruction[],
): Promise<readonly PlaceAnswer[]> {
  const { db, clock, seed } = options;
  const at = clock.now();
  const acceptances = instructions.map((instruction) => ({
    instruction,
    venueOrderId: `sim-${instruction.clientId}`,
    rejectReason: rejectReasonOf(options, instruction),
    acceptedAt: at,
    nextAt: new Date(at.getTime() + fillPause(seed, instruction, 0)),
  }));
  await book.enter(db, acceptances);
  // Read back, because a repeat gets the first answer.
  const entries = await book.entriesOf(
    db,
    instructions.map(({ clientId }) => clientId),
  );
  return entries.map(answerOf);
}

function rejectReasonOf(
  { seed, rejectSymbols, rejectPercent }: SimulatedOptions,
  { clientId, symbol }: Instruction,
): string | null {
  if (rejectSymbols.includes(symbol)) return `${symbol} is not traded here`;
  if (chance(seed, clientId, 'reject') % percentages < rejectPercent) return 'rejected by chance';
  return null;
}

const answerOf = ({ clientId, venueOrderId, rejectReason, acceptedAt }: book.Entry): PlaceAnswer =>
  rejectReason === null
    ? { kind: 'ACKNOWLEDGED', clientId, venueOrderId, at: acceptedAt }
    : { kind: 'REJECTED', clientId, reason: rejectReason };

async function reports(db: Database, after: string): Promise<ReportPage> {
  const rows = await book.reportsAfter(db, BigInt(after || '0'), reportsPerPage);
  return {
    reports: rows.map((row): VenueReport => {
      const { clientId, venueOrderId, kind, executionId, quantity, price, at } = row;
      if (kind !== 'EXECUTED') return { kind: 'ENDED', clientId, venueOrderId, outcome: kind, at };
      if (executionId === null || quantity === null || price === null) {
        throw new Error(`simulated report ${row.sequence} of ${clientId} lacks its trade`);
      }
      const trade = { executionId, quantity: new Decimal(quantity), price: new Decimal(price) };
      return { kind, clientId, venueOrderId, ...trade, at };
    }),
    resumePoint: rows.at(-1)?.sequence ?? after,
  };
}

async function trade(options: SimulatedOptions): Promise<Traded> {
  const { db, transact, clock } = options;
  const before = await book.nextDue(db);
  const waitMs = (at: Date | null) => (at === null ? null : at.getTime() - clock.now().getTime());
  const pauseMs = waitMs(before);
  if (pauseMs === null || pauseMs > 0) return { traded: 0, pauseMs };
  let traded = 0;
  await asLeader(transact, 'market.simulated-venue', async (tx) => {
    traded = await tradeDue(tx, options);
  });
  const left = waitMs(await book.nextDue(db));
  // Another process trades what is due: let it.
  return { traded, pauseMs: traded === 0 ? leaderPauseMs : left && Math.max(0, left) };
}

async function tradeDue(
  tx: Tx,
  { clock, hours, seed, duplicatePercent }: SimulatedOptions,
): Promise<number> {
  const now = clock.now();
  const due = await book.lockDue(tx, now, ordersPerTurn);
  if (due.length === 0) return 0;
  const open = hours.isOpen(now);
  const quotes = new Map(
    due.map(({ symbol }) => [symbol, open ? quoteAt(seed, symbol, now) : null]),
  );
  const turns = due.map((order) =>
    turn(order, { seed, now, quote: quotes.get(order.symbol) ?? null }),
  );
  const told = turns
    .flatMap(({ reports }) => reports)
    .flatMap((report) => {
      const twice = chance(seed, report.clientId, report.kind, report.executions, 'twice');
      return twice % percentages < duplicatePercent ? [report, report] : [report];
    });
  await book.saveBook(tx, turns.map(changeOf));
  if (told.length > 0) await book.appendReports(tx, told);
  return due.length;
}

const changeOf = ({ order, end, nextAt }: Turn): book.BookChange => {
  const { clientId, filledQuantity, filledValue, executions } = order;
  return { clientId, filledQuantity, filledValue, executions, status: end ?? 'WORKING', nextAt };
};

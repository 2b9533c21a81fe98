import { type Decimal, zero } from '@simplebank/kernel/decimal';
import { marketHours } from '@simplebank/kernel/market-hours';
import type {
  Instruction,
  PlaceAnswer,
  Rebase,
  ReplaceAnswer,
  Venue,
  VenueReport,
} from '@simplebank/market/simulation';
import type { Dice } from './dice.ts';
import { type Entry, nextMove, type Quote, rebase, restOf } from './exchange-book.ts';
import { lateTrade, type Trade } from './exchange-late.ts';
import { priceCellOf, priceOf } from './exchange-prices.ts';
import { peaceful, type Temper } from './exchange-temper.ts';
import type { Tally } from './tally.ts';

/** What has really happened on the exchange. */
type Fill = {
  readonly orderId: string;
  readonly side: 'BUY' | 'SELL';
  readonly symbol: string;
  readonly quantity: Decimal;
  readonly price: Decimal;
};

export type Exchange = {
  readonly venue: Venue;
  /** Trades what it likes to trade now; answers how many orders it moved. */
  readonly turn: () => number;
  /** Orders that may still trade. */
  readonly working: () => readonly string[];
  /** It has looked at these orders at these prices, and traded nothing. */
  readonly isStill: () => boolean;
  readonly fills: () => readonly Fill[];
  /** While it is calm it answers, and forgets nothing. */
  readonly setCalm: (calm: boolean) => void;
};

export type ExchangeOptions = {
  readonly seed: number;
  readonly dice: Dice;
  readonly temper: Temper;
  readonly now: () => Date;
  readonly tally: Tally;
};

type Book = {
  readonly options: ExchangeOptions;
  readonly entries: Map<string, Entry>;
  readonly reports: VenueReport[];
  readonly fills: Fill[];
  temper: Temper;
  downUntil: number;
  stillAt: string;
};

const hours = marketHours('nyse');
const outageMs = { min: 500, max: 90_000 };
const pageMax = 50;

export function createExchange(options: ExchangeOptions): Exchange {
  const book: Book = {
    ...{ options, entries: new Map(), reports: [], fills: [], temper: peaceful },
    ...{ downUntil: 0, stillAt: '' },
  };
  const call = <T>(run: () => T) => answering(book, run);
  return {
    venue: {
      name: 'simulated',
      place: (instructions) => call(() => place(book, instructions)),
      find: (ids) => call(() => ids.flatMap((id) => book.entries.get(id) ?? []).map(answerOf)),
      cancel: (ids) => call(() => ids.map((id) => askToCancel(book, id))),
      replace: (rebases) => call(() => rebases.flatMap((asked) => replaced(book, asked))),
      reports: (after) => call(() => pageAfter(book, Number(after || '0'))),
      quotes: (symbols) =>
        call(
          () => new Map(symbols.map((name) => [name, priceOf(options.seed, name, options.now())])),
        ),
    },
    turn() {
      const moved = turn(book);
      book.stillAt = moved > 0 ? '' : stateOf(book);
      return moved;
    },
    isStill: () => book.stillAt === stateOf(book),
    working: () => [...book.entries].flatMap(([id, one]) => (one.state === 'WORKING' ? [id] : [])),
    fills: () => book.fills,
    setCalm(calm) {
      book.temper = calm ? peaceful : options.temper;
      book.downUntil = 0;
    },
  };
}

/** A call that may get lost on its way there, or on its way back. */
async function answering<T>(book: Book, run: () => T): Promise<T> {
  const { temper, options } = book;
  const { dice, now, tally } = options;
  if (now().getTime() < book.downUntil) throw new Error('the exchange does not answer');
  if (dice.flip(temper.outages)) {
    book.downUntil = now().getTime() + dice.between(outageMs.min, outageMs.max);
    tally.count('outages');
    throw new Error('the exchange goes down');
  }
  if (dice.flip(temper.callsLost)) {
    tally.count('calls lost');
    throw new Error('the call was lost');
  }
  const answer = run();
  if (!dice.flip(temper.answersLost)) return answer;
  tally.count('answers lost');
  throw new Error('the answer was lost');
}

function place(book: Book, instructions: readonly Instruction[]): readonly PlaceAnswer[] {
  const { options, entries, temper } = book;
  for (const instruction of instructions) {
    const { clientId } = instruction;
    if (entries.has(clientId)) continue;
    const rejected = options.dice.flip(temper.rejects);
    entries.set(clientId, {
      ...{ instruction, venueOrderId: `exchange-${clientId}`, acceptedAt: options.now() },
      rejectReason: rejected ? 'not today' : null,
      state: rejected ? 'ENDED' : 'WORKING',
      ...{ cancelAsked: false, triggered: false, executions: 0, rebased: new Map() },
      ...{ filledQuantity: zero, filledValue: zero },
    });
  }
  const known = instructions.flatMap(({ clientId }) => entries.get(clientId) ?? []);
  // Some of the answers may be missing, too.
  return known.filter(() => !options.dice.flip(temper.answersLost)).map(answerOf);
}

function answerOf({ instruction, venueOrderId, rejectReason, acceptedAt }: Entry): PlaceAnswer {
  const { clientId } = instruction;
  return rejectReason === null
    ? { kind: 'ACKNOWLEDGED', clientId, venueOrderId, at: acceptedAt }
    : { kind: 'REJECTED', clientId, reason: rejectReason };
}

/** Changes whenever there may be something to trade. */
function stateOf({ entries, options }: Book): string {
  const asked = [...entries.values()].filter(({ cancelAsked }) => cancelAsked).length;
  return `${priceCellOf(options.now())}/${entries.size}/${asked}`;
}

function askToCancel({ entries }: Book, clientId: string) {
  const entry = entries.get(clientId);
  const accepted = entry?.state === 'WORKING' || entry?.cancelAsked === true;
  if (entry && accepted) entry.cancelAsked = true;
  return { clientId, accepted };
}

function replaced({ entries }: Book, asked: Rebase): readonly ReplaceAnswer[] {
  const entry = entries.get(asked.clientId);
  return entry ? [rebase(entry, asked)] : [];
}

function pageAfter({ reports, temper, options }: Book, after: number) {
  const again = options.dice.flip(temper.repeats) ? options.dice.between(0, 3) : 0;
  const from = Math.max(0, after - again);
  const page = reports.slice(from, Math.max(after, from) + pageMax);
  return { reports: page, resumePoint: String(Math.max(after, from + page.length)) };
}

function turn(book: Book): number {
  const { dice, now, seed } = book.options;
  const at = now();
  const open = hours.isOpen(at);
  let moved = 0;
  for (const entry of book.entries.values()) {
    if (entry.state === 'ENDED' || dice.flip(0.3)) continue;
    const quote = open ? priceOf(seed, entry.instruction.symbol, at) : null;
    if (act(book, entry, { quote, now: at })) moved += 1;
  }
  return moved;
}

function act(book: Book, entry: Entry, at: { quote: Quote | null; now: Date }): boolean {
  const { dice } = book.options;
  const move = nextMove(entry, { ...at, dice });
  if (move.kind === 'WAIT') return false;
  if (move.kind === 'TRADE') {
    fill(book, entry, { ...move, now: at.now });
    if (restOf(entry, entry.instruction.limitPrice).isZero()) end(book, entry, 'FILLED');
    else if (entry.instruction.timeInForce === 'IOC') end(book, entry, 'CANCELED');
    return true;
  }
  // What traded a moment before the end, and is told after it.
  const late = dice.flip(book.temper.lateFills) ? lateTrade(book.options, entry, at.now) : null;
  end(book, entry, move.outcome);
  if (late) fill(book, entry, late);
  return true;
}

function fill(book: Book, entry: Entry, { quantity, price, now }: Trade): void {
  entry.executions += 1;
  entry.filledQuantity = entry.filledQuantity.plus(quantity);
  entry.filledValue = entry.filledValue.plus(quantity.times(price));
  const { clientId, side, symbol } = entry.instruction;
  const { venueOrderId, executions } = entry;
  const executionId = `${clientId}-${executions}`;
  book.fills.push({ orderId: clientId, side, symbol, quantity, price });
  const trade = { executionId, quantity, price, at: now };
  report(book, { kind: 'EXECUTED', clientId, venueOrderId, ...trade });
}

function end(book: Book, entry: Entry, outcome: 'FILLED' | 'CANCELED' | 'EXPIRED'): void {
  entry.state = 'ENDED';
  const { venueOrderId, instruction } = entry;
  const at = book.options.now();
  report(book, { kind: 'ENDED', clientId: instruction.clientId, venueOrderId, outcome, at });
}

function report({ reports, temper, options }: Book, one: VenueReport): void {
  reports.push(one);
  if (!options.dice.flip(temper.repeats)) return;
  reports.push(one);
  options.tally.count('reports repeated');
}

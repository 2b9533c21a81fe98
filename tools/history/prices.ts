import { createHash } from 'node:crypto';
import { Decimal } from '@simplebank/kernel/decimal';

/** A day at the exchange, in the asset's currency. */
export type DayPrices = {
  readonly date: string;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
};

export type PathOptions = {
  readonly seed: string;
  readonly symbol: string;
  /** Trading days, oldest first. */
  readonly dates: readonly string[];
  /** What the last of these days closes at. */
  readonly last: Decimal;
};

const million = 1_000_000n;
/** Prices are reckoned in millionths of a cent: no float comes near them. */
const fine = 1_000_000n;
const centsPerUnit = 100;
const lowestCents = 200n;
const tradingDays = 252;
/** Of a year, in parts of a million. */
const growth = { min: -100_000, max: 260_000 };
/** Of one day, in parts of a million: what all assets share, and what is an asset's own. */
const sharedSwing = 7_000;
const ownSwing = 11_000;
const gapSwing = 3_000;
const reachMax = 9_000;

/** Sixteen numbers from 0 to 65,535 that depend on nothing but the words. */
function numbers(...words: readonly string[]): readonly number[] {
  const digest = createHash('sha256').update(words.join('\u0000')).digest();
  return Array.from({ length: 16 }, (_, index) => digest.readUInt16BE(index * 2));
}

const numbersMax = 65_535;

/**
 * About normal, as four equal throws are: their sum has a standard deviation of 2 ÷ √12 throws.
 * Answers a whole number with the standard deviation `swing`.
 */
function bell(throws: readonly number[], swing: number): number {
  const total = throws.reduce((sum, each) => sum + each, 0);
  return Math.trunc(((2 * total - 4 * numbersMax) * swing * 866) / (numbersMax * 1_000));
}

const between = (from: number, { min, max }: { min: number; max: number }): number =>
  min + Math.trunc(((max - min) * from) / numbersMax);

/**
 * The prices of an asset on past days: a random walk from the seed, walked backwards, so that it
 * ends at `last` and what the exchange quotes next goes on from there. A day of an asset moves by
 * the same share whatever the day on which it is reckoned.
 */
export function pricePath({ seed, symbol, dates, last }: PathOptions): readonly DayPrices[] {
  const yearly = between(numbers(seed, symbol, 'growth')[0] ?? 0, growth);
  const path: DayPrices[] = [];
  const sharedOn = sharedMoves(seed);
  let close = BigInt(last.times(centsPerUnit).toFixed(0)) * fine;
  for (const date of dates.toReversed()) {
    const thrown = numbers(seed, symbol, date);
    const own = Math.trunc(yearly / tradingDays) + bell(thrown.slice(0, 4), ownSwing);
    const moved = own + sharedOn(date);
    const before = atLeast((close * million) / (million + BigInt(moved)));
    path.push(dayOf(date, { before, close, thrown: thrown.slice(4) }));
    close = before;
  }
  return path.reverse();
}

/** Of the last seed that was asked for: some 500 days, and the same for all assets. */
const shared = { seed: '', moves: new Map<string, number>() };

function sharedMoves(seed: string): (date: string) => number {
  if (shared.seed !== seed) Object.assign(shared, { seed, moves: new Map() });
  const { moves } = shared;
  return (date) => {
    const move = moves.get(date) ?? bell(numbers(seed, 'all', date).slice(0, 4), sharedSwing);
    moves.set(date, move);
    return move;
  };
}

const atLeast = (price: bigint): bigint =>
  price < lowestCents * fine ? lowestCents * fine : price;

type Walked = {
  readonly before: bigint;
  readonly close: bigint;
  readonly thrown: readonly number[];
};

function dayOf(date: string, { before, close, thrown }: Walked): DayPrices {
  const [up = 0, down = 0] = thrown.slice(4);
  const open = atLeast((before * (million + BigInt(bell(thrown.slice(0, 4), gapSwing)))) / million);
  const reach = (from: number) => BigInt(between(from, { min: 0, max: reachMax }));
  const [top, bottom] = open > close ? [open, close] : [close, open];
  return {
    date,
    open: priced(open),
    high: priced((top * (million + reach(up))) / million),
    low: priced((bottom * (million - reach(down))) / million),
    close: priced(close),
  };
}

const priced = (price: bigint): Decimal => new Decimal((price / fine).toString()).div(centsPerUnit);

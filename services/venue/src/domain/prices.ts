import { Decimal } from '@simplebank/kernel/decimal';
import type { Quote } from './book.ts';
import { chanceBetween } from './chance.ts';

const ticksPerUnit = 100;
const baseCents = { min: 1_500, max: 60_000 };

const hourMs = 3_600_000;
/** How far the price may swing to either side, in parts of a million, and over what time. */
type Octave = { readonly swing: number; readonly periodMs: number };

/**
 * A slow tide with ever smaller and quicker waves on it. Value noise rises by at most
 * 3 × swing ÷ period, so an hour moves the price by less than 1 %: 0.05 + 0.125 + 0.3 % of the
 * slow waves, and at most twice the swing, 0.3 + 0.1 %, of those quicker than an hour.
 */
const octaves: readonly Octave[] = [
  { swing: 80_000, periodMs: 480 * hourMs },
  { swing: 20_000, periodMs: 48 * hourMs },
  { swing: 5_000, periodMs: 5 * hourMs },
  { swing: 1_500, periodMs: hourMs / 2 },
  { swing: 500, periodMs: hourMs / 20 },
];

const million = 1_000_000n;
/** Noise values are whole numbers from -noiseMax to noiseMax: no float comes near a price. */
const noiseMax = 1_000_000;

const latticeValue = (seed: string, words: readonly (string | number)[]): bigint =>
  BigInt(chanceBetween({ min: -noiseMax, max: noiseMax }, seed, ...words));

/** Value noise: seeded values at the whole periods, smoothly joined (3t² − 2t³). */
function noiseAt(seed: string, symbol: string, { periodMs, at }: { periodMs: number; at: number }) {
  const cell = Math.floor(at / periodMs);
  const t = (BigInt(at - cell * periodMs) * million) / BigInt(periodMs);
  const eased = (t * t * (3n * million - 2n * t)) / (million * million);
  const left = latticeValue(seed, [symbol, periodMs, cell]);
  const right = latticeValue(seed, [symbol, periodMs, cell + 1]);
  return left + ((right - left) * eased) / million;
}

/** The last price of a symbol at an instant, on the tick of 0.01; nothing else decides it. */
export function priceAt(seed: string, symbol: string, at: Date): Decimal {
  const base = BigInt(chanceBetween(baseCents, seed, symbol, 'base'));
  const wave = octaves.reduce(
    (total, { swing, periodMs }) =>
      total + BigInt(swing) * noiseAt(seed, symbol, { periodMs, at: at.getTime() }),
    0n,
  );
  const cents = base + (base * wave) / (million * BigInt(noiseMax));
  return new Decimal(cents.toString()).div(ticksPerUnit);
}

const tick = new Decimal(1).div(ticksPerUnit);

/** Bid and ask stand one tick around the last price. */
export function quoteAt(seed: string, symbol: string, at: Date): Quote {
  const last = priceAt(seed, symbol, at);
  return { bid: last.minus(tick), ask: last.plus(tick), last };
}

const lotShares = 100;
const lots = { min: 1, max: 20 };
const sizeMs = 60_000;

export type SizedQuote = Quote & { readonly bidSize: Decimal; readonly askSize: Decimal };

/** The quote with 1 to 20 round lots wanted and offered, others every minute. */
export function sizedQuoteAt(seed: string, symbol: string, at: Date): SizedQuote {
  const cell = Math.floor(at.getTime() / sizeMs);
  const size = (side: string) =>
    new Decimal(lotShares * chanceBetween(lots, seed, symbol, 'size', side, cell));
  return { ...quoteAt(seed, symbol, at), bidSize: size('bid'), askSize: size('ask') };
}

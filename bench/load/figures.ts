import { percentile } from '../facts.ts';
import type { LoadResult, Sample } from './load.ts';
import { writes } from './schedule.ts';

/** Times of whole answers in milliseconds; what failed is counted apart and is in none of them. */
export type Times = {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
};

export function timesOf(samples: readonly Sample[]): Times {
  const ms = samples.filter(({ trouble }) => trouble === null).map((sample) => sample.ms);
  const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => percentile(ms, share));
  return { n: ms.length, p50, p95, p99 };
}

export const spread = ({ p50, p95, p99 }: Times): string =>
  [p50, p95, p99].map((ms) => ms.toFixed(0)).join(' / ');

/** What went wrong, the most frequent first. */
export function troublesOf(samples: readonly Sample[]): readonly string[] {
  const counted = new Map<string, number>();
  for (const { trouble, operation } of samples) {
    if (trouble === null) continue;
    const what = `${operation}: ${trouble}`;
    counted.set(what, (counted.get(what) ?? 0) + 1);
  }
  return [...counted].toSorted(([, a], [, b]) => b - a).map(([what, n]) => `${what} (${n})`);
}

/** Which share of the answers the objective asks for came within which time. */
export type Objective = { readonly percentile: number; readonly underMs: number };

/** Within the objective, without an error, and all of it sent. */
export function isBorne({ samples, cutShort }: LoadResult, { percentile: p, underMs }: Objective) {
  const wrong = samples.some(({ trouble }) => trouble !== null);
  const ms = samples.map((sample) => sample.ms);
  return !wrong && !cutShort && percentile(ms, p / 100) < underMs;
}

export const readsAndWrites = (samples: readonly Sample[]) => ({
  reads: samples.filter(({ operation }) => !writes.has(operation)),
  writes: samples.filter(({ operation }) => writes.has(operation)),
});

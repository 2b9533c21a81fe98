import { recordFallback } from '@simplebank/chassis/fallbacks';
import { downCodes } from '../engine/unavailable.ts';
import { withMarks } from '../request/degraded.ts';
import type { Outcome } from '../request/steps.ts';
import { plainAnswer, type Told, toldAgain } from './answer-headers.ts';
import { isStale, type Kept } from './kept-answers.ts';

/** The subgraphs that an answer misses; empty when anything else is wrong with it. */
export function missedIn({ errors = [] }: Outcome): readonly string[] {
  const missed = new Set<string>();
  for (const { extensions } of errors) {
    const subgraph = extensions?.['subgraph'];
    if (!downCodes.has(extensions?.['code']) || typeof subgraph !== 'string') return [];
    missed.add(subgraph);
  }
  return [...missed];
}

type Recalling = {
  readonly service: string;
  readonly missed: readonly string[];
  readonly nowMs: number;
};

/** A kept answer in the place of one that its owners could not give, marked as such (OPS-64). */
export function recalledAnswer(kept: Kept, { service, missed, nowMs }: Recalling): Told {
  const asOf = new Date(kept.atMs).toISOString();
  const stale = isStale(kept, nowMs);
  const marks = missed.map((dependency) => {
    recordFallback({ service, dependency, kind: 'cached' });
    return { dependency, kind: 'cached' as const, asOf, stale };
  });
  const { outcome } = toldAgain(kept);
  const { status, data, cacheHint } = outcome;
  const told = plainAnswer(withMarks({ status, data: data ?? null, cacheHint }, marks));
  return { ...told, atMs: kept.atMs };
}

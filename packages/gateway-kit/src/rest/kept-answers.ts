import { createHash } from 'node:crypto';
import { recordFallback } from '@simplebank/chassis/fallbacks';
import type { Logger } from '@simplebank/chassis/logging';
import { type Shared, SharedUnavailable } from '@simplebank/chassis/shared';
import type { Clock } from '@simplebank/kernel/clock';
import { GraphQLError } from 'graphql';
import { downCodes } from '../engine/unavailable.ts';
import type { Operated } from './rest.ts';

/** An old answer serves as a fallback for a day: longer than any outage should last. */
const fallbackMs = 86_400_000;

/** Anybody may name symbols in as many ways as they like: further lists are asked for anew. */
const newPerDayMax = 2_000;
const dayMs = 86_400_000;

type Data = Readonly<Record<string, unknown>>;
type Kept = { readonly atMs: number; readonly data: Data };
/** Data with holes, where a part of it could not be had, is answered once and never kept. */
type Loaded = { readonly data: Data; readonly whole: boolean };
type Asking = { readonly load: () => Promise<Loaded>; readonly freshMs: number };
type KeptAnswer = Loaded & {
  readonly ageMs: number;
  /** Older than it may be: it could not be had anew. */
  readonly stale: boolean;
};

export type KeptAnswers = {
  /** Rejects as `load` does when nothing is kept either. */
  readonly answerFor: (operated: Operated, asking: Asking) => Promise<KeptAnswer>;
};
type Keeping = {
  /** The gateway. */
  readonly name: string;
  readonly shared: Shared;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Public data that all instances answer again for a while, and longer only when told so. */
export function createKeptAnswers({ name, shared, clock, log }: Keeping): KeptAnswers {
  const { store } = shared;
  async function find(key: string): Promise<Kept | null> {
    const [text] = await store.getMany([key]).catch(unlessAway([null]));
    return text ? (JSON.parse(text) as Kept) : null;
  }

  /** What is kept already goes on to be. */
  async function mayKeep(kept: Kept | null, nowMs: number): Promise<boolean> {
    if (kept) return true;
    const today = `rest:new:${Math.floor(nowMs / dayMs)}`;
    const count = await store.increment(today, dayMs).catch(unlessAway(Number.POSITIVE_INFINITY));
    return count <= newPerDayMax;
  }

  return {
    async answerFor(operated, { load, freshMs }) {
      const key = keyOf(operated);
      const kept = await find(key);
      const nowMs = clock.now().getTime();
      const ageMs = kept ? Math.max(0, nowMs - kept.atMs) : 0;
      if (kept && ageMs < freshMs) return { data: kept.data, whole: true, ageMs, stale: false };
      try {
        const { data, whole } = await load();
        const text = JSON.stringify({ atMs: nowMs, data } satisfies Kept);
        if (whole && (await mayKeep(kept, nowMs))) {
          await store.set(key, text, fallbackMs).catch(unlessAway(undefined));
        }
        return { data, whole, ageMs: 0, stale: false };
      } catch (error) {
        if (!kept || !isDown(error)) throw error;
        recordFallback({ service: name, dependency: missedBy(error), kind: 'cached' });
        log.warn({ error_code: 'SUBGRAPH_UNAVAILABLE' }, 'an old answer is given for a new one');
        return { data: kept.data, whole: true, ageMs, stale: true };
      }
    },
  };
}

const keyOf = ({ operation, variables }: Operated): string => {
  const text = JSON.stringify([operation, variables]);
  return `rest:${createHash('sha256').update(text).digest('base64url')}`;
};

/** A deadline does not say who let it pass. */
const missedBy = (error: unknown): string =>
  error instanceof GraphQLError ? String(error.extensions['subgraph'] ?? 'unknown') : 'unknown';

const isDown = (error: unknown) =>
  error instanceof GraphQLError && downCodes.has(error.extensions['code']);

/** What is kept saves work, no more: while it is away everything is asked anew. */
const unlessAway =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof SharedUnavailable) return instead;
    throw error;
  };

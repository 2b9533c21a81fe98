import { createHash } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import { ageBounds } from '@simplebank/contracts/age-bounds';
import { z } from 'zod';
import type { CacheHint } from '../request/steps.ts';
import type { Availability } from './availability.ts';
import { identityOf } from './cache-key.ts';
import type { Standing } from './generations.ts';
import { keptMaxMs, tagKey } from './store-keys.ts';

/** Larger answers are kept for their time only. */
const recalledCharsMax = 100_000;
/** Larger answers are run each time. */
const bodyCharsMax = 500_000;
/** An answer of more entities is not kept: each of them is asked about at each read. */
const tagsMax = 500;

/** The final bytes of an answer, and what decides whether they are still true. */
export type Kept = {
  readonly body: string;
  readonly etag: string;
  readonly hint: CacheHint;
  /** Taken before it ran, from the clock that also numbers the changes. */
  readonly stamp: number;
  readonly tags: readonly string[];
  /** Since the epoch, when it began to run. */
  readonly atMs: number;
};

/** Strong, of the bytes of the body. */
export const etagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url')}"`;

export type Place = {
  readonly question: string;
  readonly viewer: Viewer;
  readonly standing: Standing;
};

type KeptAnswers = {
  /** Null unless there is one that the viewer may see and that nothing has overtaken. */
  readonly find: (place: Place) => Promise<Kept | null>;
  /** A public one of before the owner went down: past its time, but nothing has overtaken it. */
  readonly recall: (place: Place) => Promise<Kept | null>;
  /** False for what may not be kept: too large, of too many entities, private of nobody. */
  readonly keep: (place: Place, kept: Kept) => Promise<boolean>;
};

type Options = { readonly availability: Availability; readonly nowMs: () => number };

/** Answers in the shared store: what is PUBLIC for everybody, the rest for one principal each. */
export function createKeptAnswers({ availability, nowMs }: Options): KeptAnswers {
  const { attempt } = availability;

  /** A change that came after it began, by events or by the viewer, rules an answer out. */
  async function isTrue(kept: Kept, { wroteAt }: Standing, maxMs = freshMsOf(kept)) {
    const { stamp, tags, atMs } = kept;
    if (stamp <= wroteAt || nowMs() - atMs >= maxMs) return false;
    const changes = await attempt((store) => store.getMany(tags.map(tagKey)));
    return changes?.every((at) => at === null || Number(at) < stamp) ?? false;
  }

  return {
    async find(place) {
      const { standing } = place;
      const found = await attempt((store) => store.getMany(keysOf(place)));
      for (const text of found?.toReversed() ?? []) {
        const kept = text === null ? null : decoded(text);
        if (kept && (await isTrue(kept, standing))) return kept;
      }
      return null;
    },
    async recall(place) {
      const [text] = (await attempt((store) => store.getMany([publicKey(place)]))) ?? [];
      const kept = text ? decoded(text) : null;
      return kept && (await isTrue(kept, place.standing, retainedMsOf(kept))) ? kept : null;
    },
    async keep(place, kept) {
      const { hint, body, tags, atMs } = kept;
      const isPublic = hint.scope === 'PUBLIC';
      if (!isPublic && place.viewer.kind === 'anonymous') return false;
      if (body.length > bodyCharsMax || tags.length > tagsMax) return false;
      const ageMs = nowMs() - atMs;
      if (freshMsOf(kept) <= ageMs) return false;
      const leftMs = Math.max(freshMsOf(kept), retainedMsOf(kept)) - ageMs;
      const key = isPublic ? publicKey(place) : privateKey(place);
      await attempt((store) => store.set(key, encoded(kept), leftMs));
      return true;
    },
  };
}

const keysOf = (place: Place): readonly string[] =>
  place.viewer.kind === 'anonymous' ? [publicKey(place)] : [publicKey(place), privateKey(place)];

const freshMsOf = ({ hint }: Pick<Kept, 'hint'>): number =>
  Math.min(hint.maxAgeSeconds * 1_000, keptMaxMs);

/** For how long it may serve while its owner is down: prices shorter, what is large not at all. */
function retainedMsOf({ hint, body }: Pick<Kept, 'hint' | 'body'>): number {
  if (hint.scope !== 'PUBLIC' || body.length > recalledCharsMax) return 0;
  return holdsPrices({ hint }) ? ageBounds.keptPricesMs : ageBounds.keptAnswersMs;
}

/** What its owner lets nobody keep for a minute moves with the market. */
const holdsPrices = ({ hint }: Pick<Kept, 'hint'>): boolean => hint.maxAgeSeconds < 60;

/** Past its age bound. */
export const isStale = (kept: Pick<Kept, 'hint' | 'atMs'>, nowMs: number): boolean =>
  nowMs - kept.atMs >
  (holdsPrices(kept) ? ageBounds.keptPricesStaleMs : ageBounds.keptAnswersStaleMs);

const publicKey = ({ question, standing: { epoch } }: Place): string =>
  `answers:public:${epoch}:${question}`;
const privateKey = ({ question, viewer, standing: { epoch, generation } }: Place): string =>
  `answers:private:${epoch}:${identityOf(viewer)}:${generation}:${question}`;

const headShape = z.object({
  etag: z.string(),
  hint: z.object({ maxAgeSeconds: z.number(), scope: z.enum(['PUBLIC', 'PRIVATE']) }),
  stamp: z.number(),
  tags: z.array(z.string()),
  atMs: z.number(),
});

/** A line about the answer, then its bytes as they are. */
const encoded = ({ body, ...head }: Kept): string => `${JSON.stringify(head)}\n${body}`;

function decoded(text: string): Kept {
  const end = text.indexOf('\n');
  return { ...headShape.parse(JSON.parse(text.slice(0, end))), body: text.slice(end + 1) };
}

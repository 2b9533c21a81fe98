import type { CacheHint } from '../request/steps.ts';

/** In the words of Apollo's servers and plugins: `maxAge` counts seconds. */
type Hint = { readonly maxAge?: number; readonly scope?: CacheHint['scope'] };

export type CachePolicy = {
  restrict(hint: Hint): void;
  /** Nothing may be kept that no subgraph has allowed. */
  hint(): CacheHint;
};

export const notCacheable: CacheHint = { maxAgeSeconds: 0, scope: 'PRIVATE' };

/** What all subgraphs of one answer allow together: the shortest time, PRIVATE if one says so. */
export function createCachePolicy(): CachePolicy {
  let maxAge: number | undefined;
  let scope: CacheHint['scope'] = 'PUBLIC';
  return {
    restrict(given) {
      if (given.maxAge !== undefined) maxAge = Math.min(given.maxAge, maxAge ?? given.maxAge);
      if (given.scope === 'PRIVATE') scope = 'PRIVATE';
    },
    hint: () => (maxAge ? { maxAgeSeconds: maxAge, scope } : notCacheable),
  };
}

const maxAgePart = /(?:^|,)\s*max-age=(\d{1,9})\s*(?:,|$)/i;
const forbidsPart = /(?:^|,)\s*(?:no-store|no-cache)\s*(?:,|$)/i;
const publicPart = /(?:^|,)\s*public\s*(?:,|$)/i;

/** What a `cache-control` header allows; without `public` an answer is its reader's own. */
export function hintIn(header: string | undefined): Required<Hint> {
  const given = header ?? '';
  const age = forbidsPart.test(given) ? undefined : maxAgePart.exec(given)?.[1];
  return { maxAge: Number(age ?? 0), scope: publicPart.test(given) ? 'PUBLIC' : 'PRIVATE' };
}

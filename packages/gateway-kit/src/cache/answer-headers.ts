import type { Answer, Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import type { Kept } from './kept-answers.ts';

/** An answer before its headers; with an etag when its subgraphs allow that it is kept. */
export type Told = Answer & { readonly etag?: string; readonly atMs?: number };

export function plainAnswer(outcome: Outcome): Told {
  const { status, data, errors, extensions } = outcome;
  const body = JSON.stringify({ errors, data, extensions });
  return { status, headers: {}, body, outcome };
}

/** Its data is read from the bytes only where somebody asks for it. */
export function toldAgain({ body, etag, hint, atMs }: Kept): Told {
  let data: NonNullable<Outcome['data']> | undefined;
  const outcome: Outcome = {
    status: 200,
    cacheHint: hint,
    get data() {
      data ??= JSON.parse(body).data as NonNullable<Outcome['data']>;
      return data;
    },
  };
  return { status: 200, headers: {}, body, outcome, etag, atMs };
}

type Asking = { readonly story: Story; readonly nowMs: number };

/**
 * What HTTP caches may do with it. A shared one may keep what nobody had to sign in for; whoever is
 * signed in asks again each time, so that a cache between us never hides their own write.
 */
export function headersOf({ etag, atMs, outcome }: Told, { story, nowMs }: Asking) {
  if (atMs === undefined) return {};
  const age = Math.max(0, Math.floor((nowMs - atMs) / 1_000));
  if (etag === undefined) return { age: String(age), 'cache-control': 'no-store' };
  const { scope, maxAgeSeconds } = outcome.cacheHint;
  const forAll = scope === 'PUBLIC' && story.viewer.kind === 'anonymous' && story.method === 'GET';
  return {
    etag,
    age: String(age),
    vary: 'accept, authorization, cookie',
    'cache-control': forAll ? `public, max-age=${maxAgeSeconds}` : 'private, no-cache',
  };
}

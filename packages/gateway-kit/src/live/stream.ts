import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import { downCodes } from '../engine/unavailable.ts';
import type { Asked, Outcome } from '../request/steps.ts';
import { type LiveBounds, troubleMs } from './bounds.ts';
import type { FeedQuery } from './feed-query.ts';
import type { Turns } from './turns.ts';
import type { Wakes } from './wakes.ts';

/** One answer of a subscription. */
export type Told = {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors?: readonly GraphQLFormattedError[];
  /** Where to go on after it; null where only the latest is told. */
  readonly cursor: string | null;
};

export type Following = {
  readonly query: FeedQuery;
  /** Null: from now on. */
  readonly after: string | null;
  readonly variables: Asked['variables'];
  /** Asks as the caller, whom it makes sure of first. Throws GraphQLError. */
  readonly ask: (asked: Asked) => Promise<Outcome>;
  readonly wakes: Wakes;
  readonly turns: Turns;
  readonly bounds: LiveBounds;
  readonly signal: AbortSignal;
};

/** Tells until the signal aborts. Throws GraphQLError once the feed is refused or away for long. */
export const follow = (following: Following): AsyncGenerator<Told> =>
  following.query.feed.tells === 'all' ? tellAll(following) : tellLatest(following);

type Page = {
  readonly accountId: string;
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly nodes: readonly Node[];
};
type Node = Readonly<Record<string, unknown>>;

/** Reads on only when what was read has been taken: a slow client makes nothing grow. */
async function* tellAll(following: Following): AsyncGenerator<Told> {
  const { signal, turns, query, wakes } = following;
  const waking = waker(wakes, { entity: query.feed.entity, wake: turns.wake });
  let { after } = following;
  try {
    while (!signal.aborted) {
      const read = await readWell(following, after);
      if (!read) return;
      const page = read.live as Page;
      const deaf = waking.on([page.accountId]);
      for (const [place, { liveCursor, ...node }] of page.nodes.entries()) {
        if (signal.aborted) return;
        const errors = errorsUnder(read.errors, ['live', 'nodes', place], query.responseKey);
        const data = { [query.responseKey]: node };
        yield { data, ...(errors ? { errors } : {}), cursor: String(liveCursor) };
      }
      after = page.cursor;
      // What was told between the first read and the listening would wake nobody.
      if (!page.hasMore && !deaf) await turns.next(page.nodes.length > 0);
    }
  } finally {
    waking.off();
  }
}

async function* tellLatest(following: Following): AsyncGenerator<Told> {
  const { signal, turns, query, wakes, bounds } = following;
  const waking = waker(wakes, { entity: query.feed.entity, wake: turns.wake });
  let last: string | null = null;
  try {
    while (!signal.aborted) {
      const read = await readWell(following, null);
      if (!read) return;
      const nodes = read.live as readonly Node[];
      const deaf = waking.on(nodes.map(({ liveId }) => String(liveId)));
      const shown = nodes.map(({ liveId, ...node }) => node);
      const errors = errorsUnder(read.errors, ['live'], query.responseKey);
      const data = { [query.responseKey]: shown };
      const text = JSON.stringify({ data, errors: errors?.map(({ message }) => message) });
      const news = text !== last;
      last = text;
      if (news) yield { data, ...(errors ? { errors } : {}), cursor: null };
      if (news) await turns.pause(bounds.latestEveryMs);
      if (!deaf) await turns.next(false);
    }
  } finally {
    waking.off();
  }
}

/** Listens to the events of whatever was read last; tells whether it did not listen to them yet. */
function waker(wakes: Wakes, { entity, wake }: { entity: string; wake: () => void }) {
  let known = '';
  let off = () => {};
  return {
    on(ids: readonly string[]): boolean {
      const named = ids.join();
      if (named === known) return false;
      off();
      known = named;
      off = wakes.on(
        ids.map((id) => `${entity}:${id}`),
        wake,
      );
      return true;
    },
    off: () => off(),
  };
}

type Read = { readonly live: unknown; readonly errors: Outcome['errors'] };

/** What passes by itself. Everything else ends the stream, with the caller's cursor still good. */
const passing: ReadonlySet<unknown> = new Set([
  ...downCodes,
  'RATE_LIMITED',
  'OVERLOADED',
  'INTERNAL',
]);

/** Null when the stream ended meanwhile. */
async function readWell(following: Following, after: string | null): Promise<Read | null> {
  const { signal, turns } = following;
  for (const pauseMs of [...troubleMs, null]) {
    if (signal.aborted) return null;
    const read = await tried(following, after);
    if (signal.aborted) return null;
    if (!(read instanceof GraphQLError)) return read;
    if (pauseMs === null || !passing.has(read.extensions['code'])) throw read;
    await turns.pause(pauseMs);
  }
  return null;
}

async function tried(following: Following, after: string | null): Promise<Read | GraphQLError> {
  const { query, variables, ask } = following;
  try {
    const { data, errors } = await ask({
      query: query.text,
      operationName: null,
      variables: query.variables(variables, after),
    });
    const live = data?.['live'];
    if (live !== null && live !== undefined) return { live, errors };
    const [first] = errors ?? [];
    return new GraphQLError(first?.message ?? 'Nothing was answered.', {
      extensions: { code: 'INTERNAL', ...first?.extensions },
    });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** The errors below a place of what was read, at their place in what is told. */
function errorsUnder(
  errors: Outcome['errors'],
  place: readonly (string | number)[],
  key: string,
): readonly GraphQLFormattedError[] | null {
  const found = (errors ?? []).flatMap(({ path = [], locations: _, ...error }) => {
    if (!place.every((part, nth) => path[nth] === part)) return [];
    return [{ ...error, path: [key, ...path.slice(place.length)] }];
  });
  return found.length > 0 ? found : null;
}

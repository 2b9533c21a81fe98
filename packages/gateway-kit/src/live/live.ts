import type { ErrorMask } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import { holdLive } from '@simplebank/chassis/metrics';
import type { Shared } from '@simplebank/chassis/shared';
import { OperationTypeNode } from 'graphql';
import { callerOf } from '../limits/caller.ts';
import { createConcurrency } from '../limits/concurrency.ts';
import { countedBy, type Limits } from '../limits/limits.ts';
import type { Operations } from '../operations/operations.ts';
import type { Respond } from '../request/respond.ts';
import type { Asked, Operation, Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import { asking, type Caller, storyOf } from './asking.ts';
import type { LiveBounds } from './bounds.ts';
import { retryAfterMs } from './connections.ts';
import { type FeedQuery, feedQueryOf } from './feed-query.ts';
import type { Feed } from './feeds.ts';
import { guarded, type Stream } from './guard.ts';
import { follow } from './stream.ts';
import { createTurns } from './turns.ts';
import { createWakes } from './wakes.ts';

export type LiveOptions = {
  /** The gateway's name, as metrics tell it. */
  readonly service: string;
  readonly feeds: readonly Feed[];
  readonly operations: Operations;
  readonly respond: Respond;
  readonly limits: Limits;
  readonly signals: Shared['signals'];
  readonly bounds: LiveBounds;
  readonly mask: ErrorMask;
  readonly log: Logger;
};

export type Live = ReturnType<typeof createLive>;

/**
 * Subscriptions as queries that are asked again: when an event tells of what they are about, and
 * now and then besides. Each read goes the way of every operation, with the caller's rights as they
 * are at that moment.
 */
export function createLive(options: LiveOptions) {
  const { log, signals } = options;
  const wakes = createWakes(signals, log);
  const open = new Set<Stream>();
  const ask = asking(options);
  const begin = beginning(options, { wakes, open, ask });

  return {
    start: wakes.start,
    /** Throws GraphQLError or InvalidOperation for what may not be asked or is too much. */
    async open(asked: Asked, caller: Caller, cursor: string | null = null): Promise<Opened> {
      const story = await storyOf(caller, log);
      const operation = await admitted(options, asked, story);
      if (operation.definition.operation !== OperationTypeNode.SUBSCRIPTION) {
        return { operation, answer: () => ask(asked, caller), stream: null };
      }
      const stream = begin(operation, asked, { caller, key: callerOf(story).key, cursor });
      return { operation, stream, answer: null };
    },
    /** Ends every stream; whoever follows goes on at another instance with the last cursor. */
    async close(): Promise<void> {
      for (const stream of [...open]) stream.end();
      await wakes.close();
    },
  };
}

type Streams = {
  readonly wakes: ReturnType<typeof createWakes>;
  readonly open: Set<Stream>;
  readonly ask: ReturnType<typeof asking>;
};

/** Follows what a subscription is about, and holds the stream among the open ones to its end. */
function beginning(options: LiveOptions, { wakes, open, ask }: Streams) {
  const { bounds, service } = options;
  const enter = streamPlaces(options);
  const queryOf = remembering(options.feeds);

  return (operation: Operation, asked: Asked, { caller, key, cursor }: Beginning): Stream => {
    const query = queryOf(operation);
    const after = query.feed.tells === 'all' ? (cursor ?? query.after(asked.variables)) : null;
    const leave = enter(key);
    const control = new AbortController();
    const { signal } = control;
    const turns = createTurns(bounds, signal);
    const { variables } = asked;
    const told = follow({
      ...{ query, after, variables, wakes, turns, bounds, signal },
      ask: (read) => ask(read, caller),
    });
    const stream = guarded(told, { caller, control, everyMs: bounds.checkEveryMs, service }, () => {
      open.delete(stream);
      leave();
    });
    open.add(stream);
    return stream;
  };
}

type Beginning = {
  readonly caller: Caller;
  readonly key: string;
  readonly cursor: string | null;
};

export type Opened = { readonly operation: Operation } & (
  | { readonly stream: Stream; readonly answer: null }
  | { readonly stream: null; readonly answer: () => Promise<Outcome> }
);

/** Streams of one caller on all its connections. */
function streamPlaces({ bounds, service }: Pick<LiveOptions, 'bounds' | 'service'>) {
  const places = createConcurrency(retryAfterMs);
  const counted = countedBy(service);
  const enter = (key: string) => {
    try {
      return places.enter(key, bounds.streamsPerPrincipalMax);
    } catch (error) {
      return counted(error);
    }
  };
  return (key: string): (() => void) => {
    const leave = enter(key);
    const release = holdLive({ service, what: 'stream' });
    return () => {
      leave();
      release();
    };
  };
}

/** Reading and checking an operation is work, too: a subscription is charged for its beginning. */
async function admitted(
  { limits, operations }: LiveOptions,
  asked: Asked,
  story: Story,
): Promise<Operation> {
  const visit = await limits.enter(asked, story);
  try {
    const operation = operations.resolve(asked);
    const { operation: kind } = operation.definition;
    if (kind === OperationTypeNode.SUBSCRIPTION) await visit.admit(operation, asked.variables);
    return operation;
  } finally {
    visit.leave();
  }
}

function remembering(feeds: readonly Feed[]): (operation: Operation) => FeedQuery {
  const known = new WeakMap<Operation['definition'], FeedQuery>();
  return (operation) => {
    const found = known.get(operation.definition) ?? feedQueryOf(operation, feeds);
    known.set(operation.definition, found);
    return found;
  };
}

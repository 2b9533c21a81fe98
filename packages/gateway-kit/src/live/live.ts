import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import type { ErrorMask } from '@simplebank/chassis/errors';
import { internalMessage } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import type { Shared } from '@simplebank/chassis/shared';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { LimitExceeded } from '../limits/limit-exceeded.ts';
import type { Limits } from '../limits/limits.ts';
import { InvalidOperation } from '../operations/invalid.ts';
import type { Operations } from '../operations/operations.ts';
import type { Respond } from '../request/respond.ts';
import type { Asked, Operation, Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import type { LiveBounds } from './bounds.ts';
import { type FeedQuery, feedQueryOf } from './feed-query.ts';
import type { Feed } from './feeds.ts';
import { follow, type Told } from './stream.ts';
import { createTurns } from './turns.ts';
import { createWakes } from './wakes.ts';

/** Who follows: asked again and again, because a token expires and a session ends. */
export type Caller = {
  /** Throws PublicError UNAUTHENTICATED once the caller may not be told any more. */
  readonly identify: () => Promise<Viewer>;
  /** Where the caller comes from, as far as that is believed. */
  readonly address: string;
  /** How the caller came: by GET nothing may be changed. */
  readonly method: string;
};

export type Stream = AsyncGenerator<Told> & {
  /** Ends it, in the middle of a wait too. */
  readonly end: () => void;
};

export type LiveOptions = {
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
  const { bounds, log, signals } = options;
  const wakes = createWakes(signals, log);
  const open = new Set<Stream>();
  const counts = new Map<string, number>();
  const ask = asking(options);
  const queryOf = remembering(options.feeds);

  function begin(operation: Operation, asked: Asked, { caller, key, cursor }: Beginning): Stream {
    const query = queryOf(operation);
    const after = query.feed.tells === 'all' ? (cursor ?? query.after(asked.variables)) : null;
    const control = new AbortController();
    const { signal } = control;
    const turns = createTurns(bounds, signal);
    const { variables } = asked;
    const told = follow({
      ...{ query, after, variables, wakes, turns, bounds, signal },
      ask: (read) => ask(read, caller),
    });
    const stream = guarded(told, { caller, control, everyMs: bounds.checkEveryMs }, () => {
      open.delete(stream);
      const left = (counts.get(key) ?? 1) - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    });
    counts.set(key, (counts.get(key) ?? 0) + 1);
    open.add(stream);
    return stream;
  }

  return {
    start: wakes.start,
    /** Throws GraphQLError or InvalidOperation for what may not be asked or is too much. */
    async open(asked: Asked, caller: Caller, cursor: string | null = null): Promise<Opened> {
      const story = await storyOf(caller, log);
      const operation = await admitted(options, asked, story);
      if (operation.definition.operation !== OperationTypeNode.SUBSCRIPTION) {
        return { operation, answer: () => ask(asked, caller), stream: null };
      }
      const key = keyOf(story);
      if ((counts.get(key) ?? 0) >= bounds.streamsPerPrincipalMax) throw tooMany();
      return { operation, stream: begin(operation, asked, { caller, key, cursor }), answer: null };
    },
    /** Ends every stream; whoever follows goes on at another instance with the last cursor. */
    async close(): Promise<void> {
      for (const stream of [...open]) stream.end();
      await wakes.close();
    },
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

/** Of one read. */
const deadlineMs = 10_000;
const retryAfterMs = 5_000;
const tooMany = () =>
  new LimitExceeded({ code: 'RATE_LIMITED', strategy: 'concurrent', retryAfterMs });

const keyOf = ({ viewer, address }: Story): string =>
  viewer.kind === 'principal' ? viewer.customerId : `at ${address}`;

/** A request like any other. Throws PublicError UNAUTHENTICATED for a caller that is nobody now. */
async function storyOf(
  { identify, address, method }: Caller,
  log: Logger,
  requestId: string = randomUUID(),
): Promise<Story> {
  return {
    ...{ requestId, address, method },
    viewer: await identify(),
    deadlineAtMs: performance.now() + deadlineMs,
    log: log.child({ request_id: requestId }),
    standing: { taken: null },
    operation: { name: null },
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

/**
 * One read on the way of every operation, never from a cache: the event that led to it may not have
 * dropped there yet what it changed. What it throws is a GraphQLError with its request.
 */
function asking({ respond, mask, log }: LiveOptions) {
  return async (asked: Asked, caller: Caller): Promise<Outcome> => {
    const requestId = randomUUID();
    try {
      const story = await storyOf(caller, log, requestId);
      return (await respond({ ...asked, fresh: true }, story)).outcome;
    } catch (error) {
      throw shownError(error, mask, requestId);
    }
  };
}

/** What a caller may see of anything thrown: the first fault of a text, or a masked error. */
export function shownError(
  error: unknown,
  mask: ErrorMask,
  requestId: string = randomUUID(),
): GraphQLError {
  const first = error instanceof InvalidOperation ? error.errors[0] : error;
  if (first instanceof GraphQLError && typeof first.extensions['code'] === 'string') {
    const extensions = { requestId, ...first.extensions };
    return new GraphQLError(first.message, { extensions });
  }
  const errorId = mask.record(error, { request_id: requestId });
  return new GraphQLError(internalMessage, {
    extensions: { code: 'INTERNAL', errorId, requestId },
  });
}

function remembering(feeds: readonly Feed[]): (operation: Operation) => FeedQuery {
  const known = new WeakMap<Operation['definition'], FeedQuery>();
  return (operation) => {
    const found = known.get(operation.definition) ?? feedQueryOf(operation, feeds);
    known.set(operation.definition, found);
    return found;
  };
}

type Guard = {
  readonly caller: Caller;
  readonly control: AbortController;
  readonly everyMs: number;
};

/** A stream that ends when it is told to, and with the reason when its caller is nobody any more. */
function guarded(told: AsyncGenerator<Told>, guard: Guard, onEnd: () => void): Stream {
  const { caller, control, everyMs } = guard;
  let reason: unknown = null;
  const check = setInterval(() => {
    caller.identify().catch((error: unknown) => {
      if (!isUnauthenticated(error)) return;
      reason = error;
      control.abort();
    });
  }, everyMs);
  let ended = false;
  const end = () => {
    clearInterval(check);
    control.abort();
    if (!ended) onEnd();
    ended = true;
  };
  const stream: Stream = {
    async next() {
      const result = await told.next().catch((error: unknown) => {
        end();
        throw error;
      });
      if (!result.done) return result;
      end();
      if (reason !== null) throw reason;
      return result;
    },
    async return(value) {
      end();
      return told.return(value);
    },
    async throw(error) {
      end();
      return told.throw(error);
    },
    end: () => control.abort(),
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

export const isUnauthenticated = (error: unknown): boolean =>
  error instanceof GraphQLError && error.extensions['code'] === 'UNAUTHENTICATED';

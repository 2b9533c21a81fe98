import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import type { ErrorMask } from '@simplebank/chassis/errors';
import { internalMessage } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import { storyFields } from '@simplebank/chassis/story';
import { newTraceparent } from '@simplebank/chassis/traceparent';
import { GraphQLError } from 'graphql';
import { InvalidOperation } from '../operations/invalid.ts';
import type { Respond } from '../request/respond.ts';
import type { Asked, Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';

/** Of one read. */
const deadlineMs = 10_000;

/** Who follows: asked again and again, because a token expires and a session ends. */
export type Caller = {
  /** Throws PublicError UNAUTHENTICATED once the caller may not be told any more. */
  readonly identify: () => Promise<Viewer>;
  /** Where the caller comes from, as far as that is believed. */
  readonly address: string;
  /** How the caller came: by GET nothing may be changed. */
  readonly method: string;
};

/** A request like any other. Throws PublicError UNAUTHENTICATED for a caller that is nobody now. */
export async function storyOf(
  { identify, address, method }: Caller,
  log: Logger,
  requestId: string = randomUUID(),
): Promise<Story> {
  // Read again and again for one follower: each has its id, and none is recorded.
  const traceparent = newTraceparent();
  return {
    ...{ requestId, address, method },
    viewer: await identify(),
    deadlineAtMs: performance.now() + deadlineMs,
    traceparent,
    log: log.child(storyFields({ requestId, traceparent })),
    standing: { taken: null },
    operation: { name: null },
  };
}

type Asking = { readonly respond: Respond; readonly mask: ErrorMask; readonly log: Logger };

/**
 * One read on the way of every operation, never from a cache: the event that led to it may not have
 * dropped there yet what it changed. What it throws is a GraphQLError with its request.
 */
export function asking({ respond, mask, log }: Asking) {
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

export const isUnauthenticated = (error: unknown): boolean =>
  error instanceof GraphQLError && error.extensions['code'] === 'UNAUTHENTICATED';

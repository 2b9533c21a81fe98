import { randomUUID } from 'node:crypto';
import type { Cause } from '@simplebank/contracts/event';
import { readTraceparent } from '../observe/traceparent.ts';
import type { Viewer } from './auth.ts';
import { PublicError } from './errors.ts';

/** What a request brings to the code that answers it. */
export type RequestStory = {
  readonly viewer: Viewer;
  /** Travels with every event that this request causes; its correlation id is the request id. */
  readonly cause: Cause;
  readonly requestId: string;
};

export const requestIdHeader = 'x-request-id';
/** Milliseconds that the caller still waits, counted from arrival. */
export const deadlineHeader = 'x-deadline';

type HeaderValue = string | readonly string[] | undefined;

const requestId = /^[\w.-]{1,128}$/;

/** Takes over a well-formed id of the caller, else makes one. */
export function requestIdOf(header: HeaderValue): string {
  return typeof header === 'string' && requestId.test(header) ? header : randomUUID();
}

/** What the caller's span is; a malformed trace context is dropped. */
export const traceparentOf = (header: HeaderValue): string | null =>
  typeof header === 'string' && readTraceparent(header) ? header : null;

/** The cause of whatever this request changes. */
export const causeOf = (correlationId: string, traceparent: string | null): Cause => ({
  ...{ correlationId, causationId: null, traceparent },
});

const milliseconds = /^-?\d{1,9}(\.\d+)?$/;

/** Milliseconds left; null without a deadline. Throws BAD_INPUT when it is no number. */
export function deadlineOf(header: HeaderValue): number | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && milliseconds.test(header)) return Number(header);
  throw new PublicError('BAD_INPUT', 'Expected the milliseconds left, such as 2500.', {
    field: deadlineHeader,
  });
}

/** Throws DEADLINE_EXCEEDED when nobody waits for the answer any more. */
export function refuseLate(leftMs: number | null, elapsedMs: number): void {
  if (leftMs !== null && elapsedMs >= leftMs) {
    throw new PublicError('DEADLINE_EXCEEDED', 'The deadline of this request has passed.');
  }
}

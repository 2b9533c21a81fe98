import type { Viewer } from '@simplebank/chassis/auth';
import type { Logger } from '@simplebank/chassis/logging';
import type { Outcome } from '@simplebank/chassis/metrics';
import type { Taken } from '@simplebank/chassis/shared';
import type { OpenSpan } from '@simplebank/chassis/spans';

type OperationBox = {
  /** As the caller named it. */
  name: string | null;
  /** The root field in snake_case, which may label a figure. */
  label?: string;
  outcome?: Outcome;
};

/** One request on its way: who asks, under which id, and until when somebody waits. */
export type Story = {
  readonly requestId: string;
  readonly viewer: Viewer;
  /** On the scale of `performance.now()`: after it nobody waits for the answer. */
  readonly deadlineAtMs: number;
  readonly log: Logger;
  /** Where it comes from, as far as that is believed. */
  readonly address: string;
  /** What is left of the caller's budget, once that is known. */
  readonly standing: { taken: Taken | null };
  /** How it came: by GET nothing may be changed. */
  readonly method: string;
  /** Filled once the operation is resolved; a box, because the server copies the story. */
  readonly operation: OperationBox;
  /** The span of this request, for whatever it asks of others. */
  readonly traceparent?: string | null;
  /** The answer is to show the query plan, where the gateway shows plans at all. */
  readonly wantsPlan?: boolean;
};

declare module 'fastify' {
  interface FastifyRequest {
    story: Story | null;
    /** Null for what is not traced, such as the health of the door. */
    span: OpenSpan | null;
    /** Of the span, or a new one that nobody records. */
    traceparent: string;
  }
}

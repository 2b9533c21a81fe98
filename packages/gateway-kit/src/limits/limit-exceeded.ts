import { GraphQLError } from 'graphql';

/** What turned a caller away; metrics count by these names. */
export type Strategy =
  | 'budget'
  | 'volume'
  | 'critical'
  | 'infrequent'
  | 'concurrent'
  | 'pressure'
  | 'strangers';

type Limit = {
  readonly code: 'RATE_LIMITED' | 'OVERLOADED';
  readonly strategy: Strategy;
  readonly retryAfterMs: number;
};

const messages: Readonly<Record<Limit['code'], string>> = {
  RATE_LIMITED: 'Too many requests: please wait before the next one.',
  OVERLOADED: 'There is more to do than can be done now: please try again.',
};

/** A caller that has to wait: its own limit is reached (429), or that of the gateway (503). */
export class LimitExceeded extends GraphQLError {
  override readonly name = 'LimitExceeded';
  readonly strategy: Strategy;
  /** At least 1: a header cannot say less, and at once is what there is too much of. */
  readonly retryAfterSeconds: number;

  constructor({ code, strategy, retryAfterMs }: Limit) {
    // Where it was made is known, and finding out costs more than all the rest of a refusal.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(messages[code], { extensions: { code } });
    Error.stackTraceLimit = stackTraceLimit;
    this.strategy = strategy;
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  }
}

import type { Outcome } from '../process/metrics.ts';
import { type Pair, recordCall, recordTimeout } from './call-metrics.ts';

export {
  beginPair,
  outcomeOfStatus,
  type Pair,
  recordBulkheadRefusal,
  watchBulkhead,
} from './call-metrics.ts';

import { openSpan, spanErrorOf } from './spans.ts';

export type ObservedCall = Pair & {
  /** What is asked of the other side, from a bounded set: `POST /graphql`, `place`. */
  readonly name: string;
  readonly parent: string | null;
};

type Judging<T> = {
  /** What an answer says of the call; `ok` unless told. */
  readonly outcomeOf?: (answer: T) => Outcome;
  /** Errors by which the other side has answered: no failures of the call. */
  readonly isAnswer?: (error: unknown) => boolean;
  /** Whether there was no answer in time; by the code TIMEOUT unless told. */
  readonly isTimeout?: (error: unknown) => boolean;
};

const hasTimedOut = (error: unknown): boolean => spanErrorOf(error) === 'TIMEOUT';

/**
 * One call with its client span and its figures. `make` gets the span's traceparent, for a process
 * of ours; no outside party is ever told it (OPS-96).
 */
export async function observedCall<T>(
  { service, dependency, name, parent }: ObservedCall,
  make: (traceparent: string | null) => Promise<T>,
  judging: Judging<T> = {},
): Promise<T> {
  const { outcomeOf = () => 'ok', isAnswer = () => false, isTimeout = hasTimedOut } = judging;
  const attributes = { 'server.address': dependency };
  const span = openSpan({ service, name, kind: 'client', parent, attributes });
  const startedAt = performance.now();
  const tell = (outcome: Outcome, error?: string) => {
    span.end({ error, attributes: { 'simplebank.outcome': outcome } });
    recordCall({ service, dependency, outcome, durationMs: performance.now() - startedAt });
  };
  try {
    const answer = await make(span.traceparent);
    const outcome = outcomeOf(answer);
    tell(outcome, outcome === 'error' ? 'SERVER_FAULT' : undefined);
    return answer;
  } catch (error) {
    if (isTimeout(error)) recordTimeout({ service, dependency });
    if (isAnswer(error)) tell('refused');
    else tell('error', isTimeout(error) ? 'TIMEOUT' : spanErrorOf(error));
    throw error;
  }
}

import { observedCall } from '../observe/observed-call.ts';
import { currentStory } from '../observe/story.ts';
import type { Outcome } from '../process/metrics.ts';
import { OutboundError } from './outbound-call.ts';
import { createWatchedCircuit, type Watching } from './watched-circuit.ts';

export type CallInfo<T> = {
  /** What is asked, from a bounded set in snake_case, for its span; `call` unless told. */
  readonly name?: string;
  /** What an answer says of the call; `ok` unless told. */
  readonly outcomeOf?: (answer: T) => Outcome;
};

/** For a dependency behind a port of ours; one behind a URL is called through `createOutbound`. */
export type Guard = {
  /**
   * Runs one call. Throws OutboundError TIMEOUT when it has no answer in time, CIRCUIT_OPEN without
   * calling, CONNECTION_FAILED with the cause of any other failure; an error that is an answer is
   * thrown as it came.
   */
  call<T>(run: () => Promise<T>, about?: CallInfo<T>): Promise<T>;
  /** Whether a call would be let through; whoever takes work for it asks first. */
  isPassable(): boolean;
};

export type GuardOptions = Watching & {
  readonly timeoutMs?: number;
  /** Tells errors by which the other side has answered: they are no failures. None by default. */
  readonly isAnswer?: (error: unknown) => boolean;
};

const timeoutMsDefault = 5_000;

/**
 * A deadline for each call and one circuit for all; the log and the gauge tell its changes. Each
 * call has a span in the story at hand; the other side is not told of it.
 */
export function createGuard(options: GuardOptions): Guard {
  const { dependency, timeoutMs = timeoutMsDefault, isAnswer = () => false } = options;
  const { enter, succeeded, failed, isPassable } = createWatchedCircuit(options);
  const attempt = async <T>(run: () => Promise<T>): Promise<T> => {
    const pass = enter();
    try {
      const answer = await withinDeadline(run, { dependency, timeoutMs });
      succeeded(pass);
      return answer;
    } catch (error) {
      if (isAnswer(error)) {
        succeeded(pass);
        throw error;
      }
      failed(pass);
      if (error instanceof OutboundError) throw error;
      throw new OutboundError('CONNECTION_FAILED', dependency, { cause: error });
    }
  };
  return {
    isPassable,
    call(run, { name = 'call', outcomeOf } = {}) {
      const parent = currentStory()?.traceparent ?? null;
      const judging = outcomeOf ? { outcomeOf, isAnswer } : { isAnswer };
      return observedCall({ ...options, name, parent }, () => attempt(run), judging);
    },
  };
}

type Deadline = { readonly dependency: string; readonly timeoutMs: number };

async function withinDeadline<T>(run: () => Promise<T>, { dependency, timeoutMs }: Deadline) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutboundError('TIMEOUT', dependency)), timeoutMs);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

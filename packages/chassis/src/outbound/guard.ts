import { OutboundError } from './outbound-call.ts';
import { createWatchedCircuit, type Watching } from './watched-circuit.ts';

/** For a dependency behind a port of ours; one behind a URL is called through `createOutbound`. */
export type Guard = {
  /**
   * Runs one call. Throws OutboundError TIMEOUT when it has no answer in time, CIRCUIT_OPEN without
   * calling, CONNECTION_FAILED with the cause of any other failure; an error that is an answer is
   * thrown as it came.
   */
  call<T>(run: () => Promise<T>): Promise<T>;
  /** Whether a call would be let through; whoever takes work for it asks first. */
  isPassable(): boolean;
};

export type GuardOptions = Watching & {
  readonly timeoutMs?: number;
  /** Tells errors by which the other side has answered: they are no failures. None by default. */
  readonly isAnswer?: (error: unknown) => boolean;
};

const timeoutMsDefault = 5_000;

/** A deadline for each call and one circuit for all; the log and the gauge tell its changes. */
export function createGuard(options: GuardOptions): Guard {
  const { dependency, timeoutMs = timeoutMsDefault, isAnswer = () => false } = options;
  const { enter, succeeded, failed, isPassable } = createWatchedCircuit(options);
  return {
    isPassable,
    async call(run) {
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

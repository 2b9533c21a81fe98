import type { Clock } from '@simplebank/kernel/clock';
import type { Logger } from '../process/logging.ts';
import { recordCircuit } from '../process/metrics.ts';
import { type Circuit, createCircuit, gaugeOf, type Pass } from './circuit.ts';
import { OutboundError } from './outbound-call.ts';

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

export type GuardOptions = {
  /** Whose calls these are, for the gauge of the circuit. */
  readonly service: string;
  readonly dependency: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeoutMs?: number;
  /** Tells errors by which the other side has answered: they are no failures. None by default. */
  readonly isAnswer?: (error: unknown) => boolean;
};

const timeoutMsDefault = 5_000;

/** A deadline for each call and one circuit for all; the log and the gauge tell its changes. */
export function createGuard(options: GuardOptions): Guard {
  const { dependency, clock, timeoutMs = timeoutMsDefault, isAnswer = () => false } = options;
  const circuit = createCircuit();
  const { enter, succeeded, failed } = watched(circuit, options);
  return {
    isPassable: () => circuit.isPassable(clock.now()),
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

/** A rest that a failed trial prolongs is no news: the log tells its begin and its end. */
function watched(circuit: Circuit, { service, dependency, clock, log }: GuardOptions) {
  const record = () => recordCircuit({ service, dependency }, gaugeOf[circuit.state(clock.now())]);
  const settle = (change: () => void) => {
    const before = circuit.state(clock.now());
    change();
    record();
    const after = circuit.state(clock.now());
    if (before === 'CLOSED' && after === 'OPEN') {
      log.warn({ error_code: 'CIRCUIT_OPEN' }, `${dependency} does not answer: it is left alone`);
    }
    if (before !== 'CLOSED' && after === 'CLOSED') log.info({}, `${dependency} answers again`);
  };
  record();
  return {
    succeeded: (pass: Pass) => settle(() => circuit.succeeded(pass)),
    failed: (pass: Pass) => settle(() => circuit.failed(pass, clock.now())),
    enter(): Pass {
      const pass = circuit.enter(clock.now());
      if (pass === null) throw new OutboundError('CIRCUIT_OPEN', dependency);
      record();
      return pass;
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

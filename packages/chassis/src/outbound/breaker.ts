import { type Clock, systemClock } from '@simplebank/kernel/clock';
import { type Pair, recordCircuitOpened } from '../observe/call-metrics.ts';
import { recordCircuit } from '../process/metrics.ts';
import { type Circuit, createCircuit, gaugeOf, type Pass } from './circuit.ts';
import { type OutboundAnswer, OutboundError } from './outbound-call.ts';

type Run = () => Promise<OutboundAnswer>;

export type Breaker = {
  /**
   * Runs one call. Throws OutboundError CIRCUIT_OPEN without calling. Who comes while another
   * tries waits for what it finds out; `begin` is told when the waiting is over, and may throw.
   */
  readonly execute: (run: Run, begin: () => void) => Promise<OutboundAnswer>;
  readonly gauge: () => 0 | 1 | 2;
};

/** The circuit of a client: its calls are judged by their answers. The gauge tells its changes. */
export function createBreaker(pair: Pair, clock: Clock = systemClock): Breaker {
  const circuit = createCircuit();
  const state = () => circuit.state(clock.now());
  const isTried = () => state() === 'HALF_OPEN' && !circuit.isPassable(clock.now());
  const show = () => recordCircuit(pair, gaugeOf[state()]);
  const settle = (change: () => void) => {
    const before = state();
    change();
    if (state() === before) return;
    show();
    if (state() === 'OPEN') recordCircuitOpened(pair);
  };
  const judged = judge(circuit, clock, settle);
  let trial: Promise<unknown> = Promise.resolve();

  show();
  return {
    gauge: () => gaugeOf[state()],
    async execute(run, begin) {
      while (isTried()) await trial;
      begin();
      const pass = circuit.enter(clock.now());
      if (pass === null) throw new OutboundError('CIRCUIT_OPEN', pair.dependency);
      if (state() !== 'CLOSED') show();
      const calling = judged(pass, run);
      if (isTried()) trial = calling.catch(() => undefined);
      return calling;
    },
  };
}

/** Tells the circuit what became of each call. */
const judge =
  (circuit: Circuit, clock: Clock, settle: (change: () => void) => void) =>
  async (pass: Pass, run: Run): Promise<OutboundAnswer> => {
    try {
      const answer = await run();
      settle(() => {
        if (isServerFault(answer)) circuit.failed(pass, clock.now());
        else circuit.succeeded(pass);
      });
      return answer;
    } catch (error) {
      settle(() => {
        if (isOutage(error)) circuit.failed(pass, clock.now());
        else circuit.unused(pass);
      });
      throw error;
    }
  };

/** For a caller with a guard around all its calls. */
export const noBreaker: Breaker = {
  gauge: () => 0,
  async execute(run, begin) {
    begin();
    return run();
  },
};

/** Typed refusals and 4xx say that the other side is well (OPS-57). */
export const isServerFault = ({ status }: OutboundAnswer): boolean => status >= 500;

export const isOutage = (error: unknown): boolean =>
  error instanceof OutboundError &&
  (error.code === 'TIMEOUT' || error.code === 'CONNECTION_FAILED');

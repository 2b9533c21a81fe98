import type { Clock } from '@simplebank/kernel/clock';
import { beginPair, recordCircuitOpened } from '../observe/call-metrics.ts';
import type { Logger } from '../process/logging.ts';
import { recordCircuit } from '../process/metrics.ts';
import { createCircuit, gaugeOf, type Pass } from './circuit.ts';
import { OutboundError } from './outbound-call.ts';

type WatchedCircuit = {
  /** Throws OutboundError CIRCUIT_OPEN when no call may be made; else one outcome must be told. */
  readonly enter: () => Pass;
  readonly succeeded: (pass: Pass) => void;
  readonly failed: (pass: Pass) => void;
  /** The call said nothing about the other side. */
  readonly unused: (pass: Pass) => void;
  readonly isPassable: () => boolean;
};

export type Watching = {
  /** Whose calls these are, for the gauge of the circuit. */
  readonly service: string;
  readonly dependency: string;
  readonly clock: Clock;
  readonly log: Logger;
};

/**
 * A circuit whose changes the gauge and the log tell. A rest that a failed trial prolongs is no
 * news: the log tells its begin and its end.
 */
export function createWatchedCircuit({ service, dependency, clock, log }: Watching) {
  const circuit = createCircuit();
  const record = () => recordCircuit({ service, dependency }, gaugeOf[circuit.state(clock.now())]);
  const settle = (change: () => void) => {
    const before = circuit.state(clock.now());
    change();
    const after = circuit.state(clock.now());
    if (before === 'CLOSED' && after === 'CLOSED') return;
    record();
    if (after === 'OPEN' && before !== 'OPEN') recordCircuitOpened({ service, dependency });
    if (before === 'CLOSED' && after === 'OPEN') {
      log.warn({ error_code: 'CIRCUIT_OPEN' }, `${dependency} does not answer: it is left alone`);
    }
    if (before !== 'CLOSED' && after === 'CLOSED') log.info({}, `${dependency} answers again`);
  };
  record();
  beginPair({ service, dependency });
  const watched: WatchedCircuit = {
    isPassable: () => circuit.isPassable(clock.now()),
    succeeded: (pass) => settle(() => circuit.succeeded(pass)),
    failed: (pass) => settle(() => circuit.failed(pass, clock.now())),
    unused: (pass) => settle(() => circuit.unused(pass)),
    enter() {
      const pass = circuit.enter(clock.now());
      if (pass === null) throw new OutboundError('CIRCUIT_OPEN', dependency);
      if (circuit.state(clock.now()) !== 'CLOSED') record();
      return pass;
    },
  };
  return watched;
}

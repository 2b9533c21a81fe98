import { Counter, Gauge, Histogram } from 'prom-client';
import { metrics, type Outcome } from '../process/metrics.ts';

/** A caller and whom it calls: the pair that a figure is about (OPS-90). */
export type Pair = { readonly service: string; readonly dependency: string };

const labels = ['service', 'dependency'] as const;
const registers = [metrics];

const seconds = new Histogram({
  name: 'simplebank_outbound_duration_seconds',
  help: 'How long a call to another process or an outside party took, by its outcome.',
  labelNames: [...labels, 'outcome'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers,
});
const retries = new Counter({
  name: 'simplebank_outbound_retries_total',
  help: 'Calls that were made again after one that failed.',
  labelNames: labels,
  registers,
});
const timeouts = new Counter({
  name: 'simplebank_outbound_timeouts_total',
  help: 'Calls without an answer in time.',
  labelNames: labels,
  registers,
});
type Held = { readonly inFlight: number; readonly waiting: number };
const bulkheads = new Set<{ readonly pair: Pair; readonly read: () => Held }>();

/** Asked when somebody looks: a call costs nothing for it. */
new Gauge({
  name: 'simplebank_bulkhead_calls',
  help: 'Calls to a dependency that are made now, or wait for their turn.',
  labelNames: [...labels, 'state'] as const,
  registers,
  collect() {
    this.reset();
    for (const { pair, read } of bulkheads) {
      const { inFlight, waiting } = read();
      this.inc({ ...pair, state: 'in_flight' }, inFlight);
      this.inc({ ...pair, state: 'waiting' }, waiting);
    }
  },
});
const refusals = new Counter({
  name: 'simplebank_bulkhead_refusals_total',
  help: 'Calls that found no place to wait in and were not made.',
  labelNames: labels,
  registers,
});
const opened = new Counter({
  name: 'simplebank_circuit_opened_total',
  help: 'How often the circuit around a dependency opened.',
  labelNames: labels,
  registers,
});

export type CallTiming = Pair & { readonly outcome: Outcome; readonly durationMs: number };

export const recordCall = ({ service, dependency, outcome, durationMs }: CallTiming): void =>
  seconds.observe({ service, dependency, outcome }, durationMs / 1000);

export const recordRetry = ({ service, dependency }: Pair): void =>
  retries.inc({ service, dependency });

export const recordTimeout = ({ service, dependency }: Pair): void =>
  timeouts.inc({ service, dependency });

export const recordBulkheadRefusal = ({ service, dependency }: Pair): void =>
  refusals.inc({ service, dependency });

export const recordCircuitOpened = ({ service, dependency }: Pair): void =>
  opened.inc({ service, dependency });

/** Shows what this bulkhead holds until what it answers is called; several of a pair add up. */
export function watchBulkhead({ service, dependency }: Pair, read: () => Held): () => void {
  const watched = { pair: { service, dependency }, read };
  bulkheads.add(watched);
  return () => void bulkheads.delete(watched);
}

/** Every figure of a pair exists from the start: what is not there cannot be told from silence. */
export function beginPair({ service, dependency }: Pair): void {
  for (const counter of [retries, timeouts, refusals, opened])
    counter.inc({ service, dependency }, 0);
}

/** What an HTTP status says of a call: a 4xx is a refusal, not a failure. */
export function outcomeOfStatus(status: number): Outcome {
  if (status >= 500) return 'error';
  return status >= 400 ? 'refused' : 'ok';
}

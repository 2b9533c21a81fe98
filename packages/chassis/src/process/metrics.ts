import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** One per operating-system process, whatever runs in it; the operations port serves it. */
export const metrics = new Registry();

/** A GraphQL answer with errors is an `error`; a typed refusal or a 4xx is `refused` (OPS-88). */
export type Outcome = 'ok' | 'refused' | 'error';

const operationSeconds = new Histogram({
  name: 'simplebank_operation_duration_seconds',
  help: 'How long an operation took, by outcome, so that failures stay out of success latency.',
  labelNames: ['service', 'operation', 'outcome'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [metrics],
});

export type OperationTiming = {
  readonly service: string;
  /** In snake_case, from a bounded set of names; never a text that a caller chose. */
  readonly operation: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
};

export function recordOperation({ service, operation, outcome, durationMs }: OperationTiming) {
  operationSeconds.observe({ service, operation, outcome }, durationMs / 1000);
}

let collecting = false;

/** CPU, memory and event loop of this process; calling it again changes nothing. */
export function collectProcessMetrics(): void {
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics({ register: metrics });
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

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

const circuitState = new Gauge({
  name: 'simplebank_circuit_state',
  help: 'The circuit around an outside party: 0 closed, 1 half open, 2 open.',
  labelNames: ['service', 'dependency'] as const,
  registers: [metrics],
});

/** To be told at each change, and once at the start. */
export function recordCircuit(
  { service, dependency }: { readonly service: string; readonly dependency: string },
  state: 0 | 1 | 2,
): void {
  circuitState.set({ service, dependency }, state);
}

const reconcilerDrift = new Gauge({
  name: 'simplebank_reconciler_drift',
  help: 'Differences between the books of the contexts that no work in flight explains.',
  registers: [metrics],
});

/** To be told after each comparison of the books. */
export const recordDrift = (differences: number): void => reconcilerDrift.set(differences);

const notTaken = new Counter({
  name: 'simplebank_not_taken_total',
  help: 'What came from outside and was not believed, by what was wrong with it.',
  labelNames: ['service', 'what'] as const,
  registers: [metrics],
});

/** `what` is in snake_case, from a bounded set of names. */
export const recordNotTaken = (
  of: { readonly service: string; readonly what: string },
  count = 1,
): void => notTaken.inc(of, count);

const answers = new Counter({
  name: 'simplebank_answer_cache_total',
  help: 'Answers of a gateway from its cache or not, and tags whose answers were dropped.',
  labelNames: ['service', 'event'] as const,
  registers: [metrics],
});

export type AnswerEvent = 'hit' | 'joined' | 'missed' | 'kept' | 'dropped';

export const recordAnswers = (
  of: { readonly service: string; readonly event: AnswerEvent },
  count = 1,
): void => answers.inc(of, count);

const limited = new Counter({
  name: 'simplebank_limited_total',
  help: 'Requests that a gateway turned away, by the strategy that did.',
  labelNames: ['service', 'strategy'] as const,
  registers: [metrics],
});

/** `strategy` is from a bounded set of names. */
export const recordLimited = (of: { readonly service: string; readonly strategy: string }): void =>
  limited.inc(of);

const liveHeld = new Gauge({
  name: 'simplebank_live_held',
  help: 'Connections and streams that are held open for live updates.',
  labelNames: ['service', 'what'] as const,
  registers: [metrics],
});

type LiveHeld = { readonly service: string; readonly what: 'connection' | 'stream' };

/** Counts one more of them; what it answers counts it off, once. */
export function holdLive(of: LiveHeld): () => void {
  liveHeld.inc(of);
  let held = true;
  return () => {
    if (held) liveHeld.dec(of);
    held = false;
  };
}

const liveDropped = new Counter({
  name: 'simplebank_live_dropped_total',
  help: 'Live connections and streams that a gateway ended by itself, by why it did.',
  labelNames: ['service', 'reason'] as const,
  registers: [metrics],
});

/** `slow` does not take answers, `silent` gives no sign of life, `nobody` may not be told more. */
export type LiveDrop = 'slow' | 'silent' | 'nobody';

export const recordLiveDrop = (of: { readonly service: string; readonly reason: LiveDrop }): void =>
  liveDropped.inc(of);

let collecting = false;

/** CPU, memory and event loop of this process; calling it again changes nothing. */
export function collectProcessMetrics(): void {
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics({ register: metrics, prefix: 'simplebank_' });
  // Its label `version` is Node's, where that of all others is the release's.
  metrics.removeSingleMetric('simplebank_nodejs_version_info');
}

export type MetricLabels = {
  readonly service: string;
  readonly version: string;
  readonly env: string;
};

/** What stands at every metric of this process; a `service` that a metric has itself wins. */
export const labelMetrics = (labels: MetricLabels): void => metrics.setDefaultLabels(labels);

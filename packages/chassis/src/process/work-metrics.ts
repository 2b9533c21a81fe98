import { Counter, Gauge, Histogram } from 'prom-client';
import { metrics } from './metrics.ts';

/** What work by events has to show: backlog, age, rate, silence and how far behind it is. */
export const queueMessages = new Gauge({
  name: 'simplebank_queue_messages',
  help: 'Jobs in a subscriber’s queue by state, and its events that are parked or dead.',
  labelNames: ['queue', 'state'] as const,
  registers: [metrics],
});

export const queueOldest = new Gauge({
  name: 'simplebank_queue_oldest_seconds',
  help: 'How long the oldest job of a queue has waited to be taken.',
  labelNames: ['queue'] as const,
  registers: [metrics],
});

export const outboxLag = new Gauge({
  name: 'simplebank_outbox_lag_seconds',
  help: 'Age of the oldest committed event that no queue has yet.',
  labelNames: ['service'] as const,
  registers: [metrics],
});

export const sinceLastEvent = new Gauge({
  name: 'simplebank_seconds_since_last_event',
  help: 'How long a service has been silent, by event.',
  labelNames: ['service', 'event'] as const,
  registers: [metrics],
});

const processed = new Counter({
  name: 'simplebank_jobs_processed_total',
  help: 'Events that a subscriber has handled, parked for another attempt, or given up.',
  labelNames: ['service', 'queue', 'outcome'] as const,
  registers: [metrics],
});

const outcomes = ['ok', 'parked', 'dead'] as const;

/** `queue` is the subscriber's, which bears the name of its service. */
export const recordProcessed = (queue: string, outcome: (typeof outcomes)[number]): void =>
  processed.inc({ service: queue, queue, outcome });

/** From the start at 0, so that the first dead letter is a rise that an alert can see. */
export function beginProcessed(queue: string): void {
  for (const outcome of outcomes) processed.inc({ service: queue, queue, outcome }, 0);
}

const published = new Counter({
  name: 'simplebank_events_published_total',
  help: 'Events that left the outbox for the queues, repeats included.',
  labelNames: ['service', 'event'] as const,
  registers: [metrics],
});

export function recordPublished(service: string, events: readonly { readonly type: string }[]) {
  const counts = new Map<string, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [event, count] of counts) published.inc({ service, event }, count);
}

const propagationLag = new Histogram({
  name: 'simplebank_propagation_lag_seconds',
  help: 'From the moment an event tells of to the end of its effect at a subscriber.',
  labelNames: ['service', 'event'] as const,
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  registers: [metrics],
});

export function recordHandledEvent(
  service: string,
  { type, occurredAt }: { readonly type: string; readonly occurredAt: string },
): void {
  recordProcessed(service, 'ok');
  // Clocks of two machines may disagree by more than the way took.
  const lagMs = Math.max(0, Date.now() - Date.parse(occurredAt));
  propagationLag.observe({ service, event: type }, lagMs / 1000);
}

const errors = new Counter({
  name: 'simplebank_errors_total',
  help: 'Error records, by what went wrong.',
  labelNames: ['service', 'code'] as const,
  registers: [metrics],
});

/** `code` is from a bounded set of names. */
export const recordError = (of: { readonly service: string; readonly code: string }): void =>
  errors.inc(of);

/** What any process may meet; from the start at 0, so that the first one is a rise to be seen. */
const commonCodes = ['INTERNAL', 'UNKNOWN', 'LOOP_FAILED', 'EVENT_FAILED', 'DEAD_LETTER'] as const;

export function beginErrors(service: string): void {
  for (const code of commonCodes) errors.inc({ service, code }, 0);
}

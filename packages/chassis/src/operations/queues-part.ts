import type { Part } from '../process/process.ts';
import type { EventQueues } from '../queues/queue.ts';
import { dependencyOf } from './dependency.ts';
import { createProbe } from './probe.ts';

/**
 * The queue backend as readiness sees it. Requests are answered without it, events wait in their
 * outboxes; a process that only works by events is not ready.
 */
export function queuesPart(queues: EventQueues): Part {
  const probe = createProbe({ name: 'queues', ask: async () => queues.ping?.() });
  return {
    name: 'queues',
    dispensable: true,
    start: async () => {},
    // Closed with the runtime that it belongs to.
    close: async () => {},
    ready: async () => (await probe.look()).up,
    dependencies: async () => [await dependencyOf(probe)],
  };
}

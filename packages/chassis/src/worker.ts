import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Handler } from './consumer.ts';
import type { SqlRunner, Transact } from './database.ts';
import type { Part, Runtime } from './process.ts';
import type { Relay } from './relay.ts';

/** Runs with this pause between the end of one run and the start of the next; never overlaps. */
export type Job = {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
};

export type Worker = Part & {
  /** What the queue calls with a job's events; tests call it themselves. */
  readonly applyBatch: (bodies: readonly string[]) => Promise<void>;
};

export type WorkerOptions<Tx extends SqlRunner> = {
  readonly subscriber: Subscriber;
  readonly handlers: readonly Handler<Tx>[];
  readonly transact: Transact<Tx>;
  readonly runtime: Runtime;
  readonly relay: Relay;
  readonly jobs?: readonly Job[];
};

/** The consumer of a subscriber's queue, the relay of its outbox and its periodic jobs. */
export function createWorker<Tx extends SqlRunner>({ subscriber }: WorkerOptions<Tx>): Worker {
  return {
    name: `${subscriber}-worker`,
    start: async () => {},
    close: async () => {},
    ready: async () => true,
    applyBatch: async () => {},
  };
}

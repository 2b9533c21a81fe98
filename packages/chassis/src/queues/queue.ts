import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Logger } from '../process/logging.ts';
import { openPostgresQueues } from './queue-postgres.ts';
import { openRedisQueues } from './queue-redis.ts';

/** Applies the events of one or more jobs; the job is acknowledged when the promise resolves. */
export type BatchWork = (bodies: readonly string[]) => Promise<void>;

/** One queue per subscriber; a job carries a batch of envelopes, each the text it was stored as. */
export type EventQueues = {
  /** Resolves once the backend holds all events, cut into jobs; rejects when some may lack. */
  send(subscriber: Subscriber, bodies: readonly string[]): Promise<void>;
  /** Batches come one at a time and in order. `work` that throws is asked again with the same. */
  consume(subscriber: Subscriber, work: BatchWork): Promise<{ close(): Promise<void> }>;
  /** To be called after every consumption is closed. */
  close(): Promise<void>;
  /** False once a backend that can lose its memory lost it, and queued events with it (OPS-26). */
  hasMark?(name: string): Promise<boolean>;
  setMark?(name: string): Promise<void>;
  /** Rejects when the backend cannot be reached. */
  ping?(): Promise<void>;
  /** What the backend itself counts in a subscriber's queue. */
  count?(subscriber: Subscriber): Promise<QueueCounts>;
};

/** Jobs, not events: one job carries up to a hundred. */
export type QueueCounts = {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** How long the oldest job has waited to be taken; 0 when none waits. */
  readonly oldestMs: number;
};

export type QueueOptions = {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
  /** Keeps the queues of tests and of several banks on one server apart: letters, digits, `_`. */
  readonly prefix?: string | undefined;
  readonly log: Logger;
};

const defaultPrefix = 'simplebank';

/** BullMQ on Redis when `redisUrl` is given, else on PostgreSQL. Rejects when out of reach. */
export async function openQueues(options: QueueOptions): Promise<EventQueues> {
  const { redisUrl, databaseUrl, prefix = defaultPrefix, log } = options;
  if (redisUrl) return openRedisQueues({ redisUrl, prefix, log });
  if (databaseUrl) return openPostgresQueues({ databaseUrl, schema: prefix, log });
  throw new Error('queues need REDIS_URL or the address of a PostgreSQL database');
}

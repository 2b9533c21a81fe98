import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Logger } from './logging.ts';

/** Applies the events of one or more jobs; the job is acknowledged when the promise resolves. */
export type BatchWork = (bodies: readonly string[]) => Promise<void>;

/** One queue per subscriber; a job carries a batch of envelopes as the texts they were written as. */
export type EventQueues = {
  /** Resolves when the backend holds the events; the caller keeps to the batch bounds. */
  send(subscriber: Subscriber, bodies: readonly string[]): Promise<void>;
  consume(subscriber: Subscriber, work: BatchWork): Promise<{ close(): Promise<void> }>;
  close(): Promise<void>;
  /** False once the backend lost the mark, and with it perhaps queued events (OPS-26). */
  hasMark?(name: string): Promise<boolean>;
  setMark?(name: string): Promise<void>;
};

export type QueueOptions = {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
  /** Keeps the queues of tests and of several banks on one server apart. */
  readonly prefix?: string | undefined;
  readonly log: Logger;
};

/** BullMQ on Redis when `redisUrl` is given, else on PostgreSQL. Rejects when it cannot be reached. */
export async function openQueues(_options: QueueOptions): Promise<EventQueues> {
  throw new Error('not connected');
}

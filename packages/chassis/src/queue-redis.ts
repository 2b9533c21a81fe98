import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from './logging.ts';
import type { EventQueues } from './queue.ts';
import {
  addJobs,
  consumeJobs,
  type EventJob,
  type JobQueue,
  type Process,
  queueOptions,
  within,
  workerOptions,
} from './queue-bullmq.ts';
import { watchTroubles } from './queue-troubles.ts';

type Options = { readonly redisUrl: string; readonly prefix: string; readonly log: Logger };
const connectMsMax = 5_000;
const reconnectMsMax = 2_000;
const reconnectWait = (times: number) => Math.min(50 * 2 ** times, reconnectMsMax);

/** All senders share one connection and all workers another, apart from each worker's blocked one. */
export async function openRedisQueues({ redisUrl, prefix, log }: Options): Promise<EventQueues> {
  const shared = { connectTimeout: connectMsMax, retryStrategy: reconnectWait, lazyConnect: true };
  // Sending fails at once while Redis is away: events wait in their outboxes, not in memory.
  const sending = new Redis(redisUrl, {
    ...{ ...shared, maxRetriesPerRequest: 0, enableOfflineQueue: false },
  });
  const taking = new Redis(redisUrl, { ...shared, maxRetriesPerRequest: null });
  const troubles = watchTroubles(log, 'Redis cannot be reached');
  for (const connection of [sending, taking]) {
    connection.on('error', troubles.seen);
    connection.on('ready', troubles.over);
  }
  try {
    await within(connectMsMax, Promise.all([sending.connect(), taking.connect()]));
  } catch (error) {
    sending.disconnect();
    taking.disconnect();
    throw error;
  }

  const senders = new Map<Subscriber, JobQueue>();
  const sender = (subscriber: Subscriber): JobQueue => {
    const known = senders.get(subscriber);
    if (known) return known;
    const opened: JobQueue = new Queue<EventJob>(subscriber, {
      ...{ ...queueOptions, connection: sending, prefix, skipVersionCheck: true },
    });
    opened.on('error', troubles.seen);
    senders.set(subscriber, opened);
    return opened;
  };
  const markKey = (name: string) => `${prefix}:mark:${name}`;

  return {
    send: (subscriber, bodies) => {
      if (sending.status !== 'ready') return Promise.reject(new Error('Redis cannot be reached'));
      return addJobs(sender(subscriber), bodies);
    },
    consume: (subscriber, work) => {
      const open = (process: Process) =>
        new Worker<EventJob>(subscriber, process, { ...workerOptions, connection: taking, prefix });
      return consumeJobs(open, work, { log, queue: subscriber });
    },
    hasMark: async (name) => (await within(connectMsMax, sending.exists(markKey(name)))) === 1,
    setMark: async (name) => {
      await within(connectMsMax, sending.set(markKey(name), new Date().toISOString()));
    },
    close: async () => {
      await Promise.all([...senders.values()].map((queue) => queue.close()));
      sending.disconnect();
      taking.disconnect();
    },
  };
}

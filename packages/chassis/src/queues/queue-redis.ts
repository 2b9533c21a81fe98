import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from '../process/logging.ts';
import type { EventQueues } from './queue.ts';
import {
  consumeJobs,
  createSenders,
  type EventJob,
  type Process,
  queueOptions,
  within,
  workerOptions,
} from './queue-bullmq.ts';
import { type Troubles, watchTroubles } from './queue-troubles.ts';

type Options = { readonly redisUrl: string; readonly prefix: string; readonly log: Logger };
const answerMsMax = 5_000;
const reconnectMsMax = 2_000;
const reconnectWait = (times: number) => Math.min(50 * 2 ** times, reconnectMsMax);

/** Senders share one connection and workers another; each worker waits on one of its own. */
export async function openRedisQueues({ redisUrl, prefix, log }: Options): Promise<EventQueues> {
  const troubles = watchTroubles(log, 'Redis cannot be reached');
  const { sending, taking } = await connect(redisUrl, troubles);
  const senders = createSenders((subscriber) => {
    const settings = { ...queueOptions, connection: sending, prefix };
    const sender = new Queue<EventJob>(subscriber, settings);
    sender.on('error', troubles.seen);
    return sender;
  });
  const markKey = (name: string) => `${prefix}:mark:${name}`;

  return {
    send: async (subscriber, bodies) => {
      if (sending.status !== 'ready') throw new Error('Redis cannot be reached');
      await senders.send(subscriber, bodies);
    },
    consume: (subscriber, work) => {
      const settings = { ...workerOptions, connection: taking, prefix };
      const open = (process: Process) => new Worker<EventJob>(subscriber, process, settings);
      return consumeJobs(open, work, { log, queue: subscriber });
    },
    hasMark: async (name) => (await within(answerMsMax, sending.exists(markKey(name)))) === 1,
    setMark: async (name) => {
      await within(answerMsMax, sending.set(markKey(name), new Date().toISOString()));
    },
    ping: async () => {
      await within(answerMsMax, sending.ping());
    },
    count: async (subscriber) => {
      if (sending.status !== 'ready') throw new Error('Redis cannot be reached');
      return senders.count(subscriber);
    },
    close: async () => {
      await senders.close();
      sending.disconnect();
      taking.disconnect();
    },
  };
}

async function connect(redisUrl: string, troubles: Troubles) {
  const shared = { connectTimeout: answerMsMax, retryStrategy: reconnectWait, lazyConnect: true };
  // Sending fails at once while Redis is away: events wait in their outboxes, not in memory.
  const impatient = { maxRetriesPerRequest: 0, enableOfflineQueue: false };
  const sending = new Redis(redisUrl, { ...shared, ...impatient });
  const taking = new Redis(redisUrl, { ...shared, maxRetriesPerRequest: null });
  for (const connection of [sending, taking]) {
    connection.on('error', troubles.seen);
    connection.on('ready', troubles.over);
  }
  try {
    await within(answerMsMax, Promise.all([sending.connect(), taking.connect()]));
    return { sending, taking };
  } catch (error) {
    sending.disconnect();
    taking.disconnect();
    throw error;
  }
}

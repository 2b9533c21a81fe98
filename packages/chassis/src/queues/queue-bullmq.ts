import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import type { Logger } from '../process/logging.ts';
import type { BatchWork, QueueCounts } from './queue.ts';
import { cutBatches } from './queue-batches.ts';
import { type EventJob, openMerging, type Process, type Taker } from './queue-merge.ts';
import { watchTroubles } from './queue-troubles.ts';

export type { EventJob, Process } from './queue-merge.ts';

type Listens = { on(event: 'error', listener: (error: Error) => void): unknown };

/** What we use of BullMQ's Queue and Worker, whichever backend is underneath. */
export type JobQueue = Listens & {
  add(
    name: string,
    data: EventJob,
    opts: typeof jobOptions & { readonly jobId: string },
  ): Promise<unknown>;
  waitUntilReady(): Promise<unknown>;
  getJobCounts(...states: JobState[]): Promise<{ [state: string]: number }>;
  getJobs(states: JobState[], start: number, end: number, asc: boolean): Promise<JobAge[]>;
  close(): Promise<void>;
};
type JobState = 'waiting' | 'active' | 'delayed';
type JobAge = { readonly timestamp: number };
export type JobWorker = Listens &
  Taker & {
    waitUntilReady(): Promise<unknown>;
    pause(doNotWaitActive?: boolean): Promise<void>;
    resume(): unknown;
    close(): Promise<void>;
  };

/** A job fails only while a process closes, and is then taken up by the next one. */
const jobOptions = {
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1_000 },
  removeOnComplete: true,
};

/** BullMQ keeps a stream of job events that we do not read; a short one costs least. */
export const queueOptions = { streams: { events: { maxLen: 100 } } };

/**
 * A job of a killed process is free again after its lock and two checks: within six seconds. Being
 * stalled often is no fault of the job, while BullMQ's default of one repeat would drop it.
 */
export const workerOptions = {
  concurrency: 1,
  lockDuration: 5_000,
  stalledInterval: 3_000,
  maxStalledCount: 1_000_000,
  runRetryDelay: 500,
};

/**
 * Adds what waits, job after job, and gives up in time for the relay to back off; what was added by
 * then comes again, and inboxes drop repeats. BullMQ's bulk would be one statement, but on
 * PostgreSQL it makes two temporary tables: 15 to 27 ms where a job takes 1. Ids are our own:
 * BullMQ counts jobs, a count may go back when its server crashes (a sequence does, under
 * `wal_level=minimal`), and a job whose id is taken is dropped without a word.
 */
async function addJobs(queue: JobQueue, bodies: readonly string[]): Promise<void> {
  // In order: a later job must not be taken before an earlier one.
  for (const batch of cutBatches(bodies))
    await queue.add('events', { bodies: batch }, { ...jobOptions, jobId: randomUUID() });
}

/**
 * Opens the queue of a subscriber when the first event goes there, and keeps it. BullMQ never asks
 * again after a first connection that failed, so a queue that had such a one is opened anew.
 */
export function createSenders(open: (subscriber: Subscriber) => JobQueue) {
  const senders = new Map<Subscriber, JobQueue>();
  const ready = async (subscriber: Subscriber): Promise<JobQueue> => {
    const sender = senders.get(subscriber) ?? open(subscriber);
    senders.set(subscriber, sender);
    try {
      await sender.waitUntilReady();
    } catch (error) {
      if (senders.get(subscriber) === sender) senders.delete(subscriber);
      sender.close().catch(() => {}); // it never had a connection to say farewell on
      throw error;
    }
    return sender;
  };
  const send = async (subscriber: Subscriber, bodies: readonly string[]) =>
    addJobs(await ready(subscriber), bodies);
  const count = async (subscriber: Subscriber) => countJobs(await ready(subscriber));
  return {
    send: (subscriber: Subscriber, bodies: readonly string[]) =>
      within(sendMsMax, send(subscriber, bodies)),
    count: (subscriber: Subscriber) => within(sendMsMax, count(subscriber)),
    close: async () => {
      const closes = [...senders.values()].map((queue) => within(sendMsMax, queue.close()));
      await Promise.allSettled(closes); // a queue that is away has nothing left to say
    },
  };
}

/** Two questions to the backend, whatever the length of the queue. */
async function countJobs(queue: JobQueue): Promise<QueueCounts> {
  const [counts, [oldest]] = await Promise.all([
    queue.getJobCounts('waiting', 'active', 'delayed'),
    queue.getJobs(['waiting'], 0, 0, true),
  ]);
  const { waiting = 0, active = 0, delayed = 0 } = counts;
  const oldestMs = oldest ? Math.max(0, Date.now() - oldest.timestamp) : 0;
  return { waiting, active, delayed, oldestMs };
}

const sendMsMax = 5_000;
/** A batch under way has this long to end; a backend that is away must not hold a process up. */
const closeMsMax = 6_000;

/** Rejects when the promise takes longer; what it does then is its own affair. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`the queue did not answer within ${milliseconds} ms`);
  });
  late.catch(() => {}); // aborted on the ordinary way out
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}

export type Consumption = { close(): Promise<void> };

/** Runs a worker until closed. Work that throws is repeated in place, so that order is kept. */
export async function consumeJobs(
  open: (process: Process) => JobWorker,
  work: BatchWork,
  { log, queue }: { readonly log: Logger; readonly queue: string },
): Promise<Consumption> {
  const closing = new AbortController();
  const worker = openMerging(open, {
    work: persistently(work, { closing: closing.signal, log, queue }),
    lockMs: workerOptions.lockDuration,
  });
  easeOff(worker, { closing: closing.signal, log, queue });
  await worker.waitUntilReady();

  let closed: Promise<void> | null = null;
  const close = async () => {
    closing.abort();
    // What is not acknowledged by then is delivered again, to whoever comes next.
    await within(closeMsMax, worker.close()).catch((error: unknown) => {
      log.warn(
        { queue, error, error_code: 'CLOSE_FAILED' },
        'the queue was left without a farewell',
      );
    });
  };
  return {
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

type Setting = { readonly closing: AbortSignal; readonly log: Logger; readonly queue: string };
const firstPauseMs = 100;
const pauseMsMax = 5_000;

/**
 * Work throws only when nothing is known of the events, for its database is gone. Handing the job
 * back would let later jobs overtake it, so it waits here; a closing process hands it back.
 */
function persistently(work: BatchWork, { closing, log, queue }: Setting): BatchWork {
  const troubles = watchTroubles(log.child({ queue }), 'events cannot be applied');
  return async (bodies) => {
    for (let waitMs = firstPauseMs; ; waitMs = Math.min(waitMs * 2, pauseMsMax)) {
      try {
        await work(bodies);
        return troubles.over();
      } catch (error) {
        if (closing.aborted) throw error;
        troubles.seen(error);
        await pause(waitMs * (0.5 + Math.random()), undefined, { signal: closing });
      }
    }
  };
}

/**
 * BullMQ asks a failing backend again without a pause, and may do so thousands of times a second.
 * The worker is paused instead, longer each time; jobs at hand go on.
 */
function easeOff(worker: JobWorker, { closing, log, queue }: Setting): void {
  const troubles = watchTroubles(log.child({ queue }), 'the queue cannot be read');
  let waitMs = firstPauseMs;
  let pausedSince = 0;
  let resuming = false;
  worker.on('error', (error) => {
    if (closing.aborted) return;
    troubles.seen(error);
    if (resuming) return;
    resuming = true;
    waitMs =
      Date.now() - pausedSince > 2 * pauseMsMax ? firstPauseMs : Math.min(waitMs * 2, pauseMsMax);
    pausedSince = Date.now();
    worker.pause(true).catch(() => {}); // it reports its failures as errors too
    const timer = setTimeout(() => {
      resuming = false;
      if (!closing.aborted) worker.resume();
    }, waitMs);
    timer.unref();
  });
}

import type { BatchWork } from './queue.ts';
import { cutBatches, workBounds } from './queue-batches.ts';

export type EventJob = { readonly bodies: readonly string[] };

/** A job that this worker has taken and must complete or give back. */
export type TakenJob = {
  readonly id?: string | undefined;
  readonly data: EventJob;
  moveToCompleted(result: null, token: string, fetchNext: false): Promise<unknown>;
  moveToFailed(error: Error, token: string, fetchNext: false): Promise<unknown>;
};
/** The part of BullMQ's worker that takes further jobs and keeps their locks. */
export type Taker = {
  on(event: 'drained', listener: () => void): unknown;
  getNextJob(token: string, options: { block: false }): Promise<TakenJob | undefined>;
  extendJobLocks(ids: string[], tokens: string[], milliseconds: number): Promise<unknown>;
};
/** With this many events at hand no further job is taken: it might not fit beside them. */
const worthwhileEvents = 400;

export type Process = (job: { readonly data: EventJob }, token?: string) => Promise<void>;

/**
 * Opens a worker that lets small jobs share one transaction. BullMQ gives it one job at a time,
 * which keeps their order; a small job that follows another without a pause looks for more
 * that wait. (With a higher concurrency BullMQ starts jobs out of order.) A job on an idle
 * queue starts at once: the queue was `drained` before it came.
 */
export function openMerging<W extends Taker>(
  open: (process: Process) => W,
  { work, lockMs }: { readonly work: BatchWork; readonly lockMs: number },
): W {
  let isIdle = true;
  const worker: W = open(async (job, token = '') => {
    const wasIdle = isIdle;
    isIdle = false;
    const more = wasIdle ? [] : await takeMore(worker, job, token);
    if (more.length === 0) return work(job.data.bodies);
    await holding(worker, { jobs: more, token, lockMs }, async () => {
      const bodies = [job, ...more].flatMap(({ data }) => data.bodies);
      // In order; the last job may have brought more than fits into one batch.
      for (const batch of cutBatches(bodies, workBounds)) await work(batch);
    });
  });
  worker.on('drained', () => {
    isIdle = true;
  });
  return worker;
}

async function takeMore(
  worker: Taker,
  first: { readonly data: EventJob },
  token: string,
): Promise<readonly TakenJob[]> {
  const jobs: TakenJob[] = [];
  let events = first.data.bodies.length;
  while (events < worthwhileEvents) {
    // A backend that fails now fails the worker's own next step too, which reports it.
    const job = await worker.getNextJob(token, { block: false }).catch(() => undefined);
    if (!job) break;
    jobs.push(job);
    events += job.data.bodies.length;
  }
  return jobs;
}

type Held = {
  readonly jobs: readonly TakenJob[];
  readonly token: string;
  readonly lockMs: number;
};

/** Keeps the locks while `run` runs, then completes the jobs, or gives them back if it throws. */
async function holding(worker: Taker, { jobs, token, lockMs }: Held, run: () => Promise<void>) {
  const ids = jobs.map(({ id }) => id ?? '');
  const tokens = jobs.map(() => token);
  const keep = () => worker.extendJobLocks(ids, tokens, lockMs).catch(() => {});
  const timer = setInterval(keep, lockMs / 2);
  try {
    await run();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    await Promise.allSettled(jobs.map((job) => job.moveToFailed(reason, token, false)));
    throw error;
  } finally {
    clearInterval(timer);
  }
  // One that cannot be completed comes again, and its events are known by then.
  await Promise.allSettled(jobs.map((job) => job.moveToCompleted(null, token, false)));
}

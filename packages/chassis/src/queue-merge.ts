import type { BatchWork } from './queue.ts';
import { batchEventsMax } from './queue-batches.ts';

type Waiting = {
  readonly bodies: readonly string[];
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
};

/**
 * Lets a few small jobs share one transaction: while one batch is applied, the jobs fetched
 * meanwhile gather and are applied together. Only one batch is applied at a time, jobs in the order
 * in which they came. An idle queue loses nothing, for the first job starts at once.
 */
export function mergeJobs(work: BatchWork): BatchWork {
  const waiting: Waiting[] = [];
  let running = false;

  const run = async () => {
    running = true;
    for (let merged = takeTogether(waiting); merged.length > 0; merged = takeTogether(waiting)) {
      try {
        await work(merged.flatMap(({ bodies }) => bodies));
        for (const { done } of merged) done();
      } catch (error) {
        for (const { failed } of merged) failed(error);
      }
    }
    running = false;
  };

  return (bodies) =>
    new Promise((done, failed) => {
      waiting.push({ bodies, done, failed });
      if (!running) void run();
    });
}

/** As many jobs as fit into one batch, at least one if any waits. */
function takeTogether(waiting: Waiting[]): readonly Waiting[] {
  let events = 0;
  const beyond = waiting.findIndex(({ bodies }, index) => {
    events += bodies.length;
    return index > 0 && events > batchEventsMax;
  });
  return waiting.splice(0, beyond === -1 ? waiting.length : beyond);
}

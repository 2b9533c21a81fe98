import { expect, test } from 'vitest';
import type { BatchWork } from './queue.ts';
import { openMerging, type Process, type TakenJob, type Taker } from './queue-merge.ts';

/** A worker of BullMQ with a queue in memory: takes the next job as long as there is one. */
function fakeWorker(work: BatchWork) {
  const waiting: TakenJob[] = [];
  const ends: string[] = [];
  let drained = () => {};
  let process: Process = async () => {};
  const add = (...bodies: string[]) => {
    const end = (how: string) => async () => void ends.push(`${bodies[0]} ${how}`);
    const ways = { moveToCompleted: end('completed'), moveToFailed: end('given back') };
    waiting.push({ id: bodies[0], data: { bodies }, ...ways });
  };
  const take = async () => {
    const job = waiting.shift();
    if (!job) drained();
    return job;
  };
  const taker: Taker = {
    on: (_, listener) => {
      drained = listener;
    },
    getNextJob: take,
    extendJobLocks: async () => {},
  };
  const opened = (own: Process) => {
    process = own;
    return taker;
  };
  openMerging(opened, { work, lockMs: 1_000 });
  const run = async () => {
    for (let job = await take(); job; job = await take()) await process(job, 'token');
  };
  return { add, run, ends };
}

test('the first job on an idle queue starts alone, those behind it share one batch', async () => {
  const batches: (readonly string[])[] = [];
  const { add, run, ends } = fakeWorker(async (bodies) => void batches.push(bodies));
  add('a');
  add('b', 'c');
  add('d');
  add('e');
  await run();
  expect(batches).toEqual([['a'], ['b', 'c', 'd', 'e']]);
  expect(ends).toEqual(['d completed', 'e completed']);

  batches.length = 0;
  add('f');
  await run();
  expect(batches).toEqual([['f']]);
});

test('merged jobs keep to the size of a batch, and none is lost or moved', async () => {
  const batches: (readonly string[])[] = [];
  const { add, run } = fakeWorker(async (bodies) => void batches.push(bodies));
  const jobs = [1, 20, 379, 100, 100, 340, 99, 70, 3].map((length, job) =>
    Array.from({ length }, (_, n) => `${job}.${n}`),
  );
  for (const bodies of jobs) add(...bodies);
  await run();
  expect(batches.flat()).toEqual(jobs.flat());
  expect(batches.map((batch) => batch.length)).toEqual([1, 499, 440, 172]);
});

test('jobs of a batch that fails are given back', async () => {
  const { add, run, ends } = fakeWorker(async (bodies) => {
    if (bodies.includes('c')) throw new Error('closing');
  });
  for (const body of ['a', 'b', 'c', 'd']) add(body);
  await expect(run()).rejects.toThrow('closing');
  expect(ends).toEqual(['c given back', 'd given back']);
});

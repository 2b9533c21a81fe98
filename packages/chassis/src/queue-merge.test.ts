import { expect, test } from 'vitest';
import { mergeJobs } from './queue-merge.ts';

/** Work that goes on step by step. */
function steppedWork() {
  const batches: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const work = (bodies: readonly string[]) =>
    new Promise<void>((resolve, reject) => {
      batches.push(bodies);
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  return { work, batches, endOne: (error?: Error) => ends.shift()?.(error) };
}

test('jobs that come while a batch is applied are applied together, in order', async () => {
  const { work, batches, endOne } = steppedWork();
  const apply = mergeJobs(work);
  const jobs = [['a'], ['b', 'c'], ['d']].map((bodies) => apply(bodies));
  expect(batches).toEqual([['a']]);
  endOne();
  await jobs[0];
  await Promise.resolve();
  expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
  endOne();
  await Promise.all(jobs);
});

test('merged jobs stay within a batch, and a full job is taken as it is', async () => {
  const batches: (readonly string[])[] = [];
  const apply = mergeJobs(async (bodies) => void batches.push(bodies));
  const job = (length: number) => Array.from({ length }, () => 'x');
  await Promise.all([1, 60, 40, 1, 100, 100].map((length) => apply(job(length))));
  expect(batches.map((batch) => batch.length)).toEqual([1, 100, 1, 100, 100]);
});

test('a failure fails the jobs that were merged, and those after them go on', async () => {
  const { work, endOne } = steppedWork();
  const apply = mergeJobs(work);
  const jobs = [['a'], ['b'], ['c']].map((bodies) => apply(bodies));
  endOne();
  await jobs[0];
  await Promise.resolve();
  endOne(new Error('away'));
  await expect(Promise.all(jobs.slice(1))).rejects.toThrow('away');
  const next = apply(['d']);
  endOne();
  await expect(next).resolves.toBeUndefined();
});

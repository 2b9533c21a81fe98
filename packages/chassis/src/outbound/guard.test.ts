import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { metrics } from '../process/metrics.ts';
import { createGuard } from './guard.ts';

let now = 0;
let lines: string[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  now = 0;
  lines = [];
});
afterEach(() => {
  vi.useRealTimers();
});

class Refusal extends Error {}
const isAnswer = (error: unknown) => error instanceof Refusal;

function aGuard() {
  const nothing = () => {};
  const warn = (_: object, message: string) => void lines.push(message);
  const info = warn;
  const log = { debug: nothing, info, warn, error: nothing, child: () => log };
  const clock = { now: () => new Date(now) };
  return createGuard({ service: 'test', dependency: 'provider', clock, log, isAnswer });
}
const codeOf = (error: { readonly code?: string }) => error.code;
const fails = () => Promise.reject(new Error('no line'));
const hangs = () => new Promise<never>(() => {});
const refuses = () => Promise.reject(new Refusal('not with me'));

/** A call whose end is told later. */
function slowly() {
  let end = { well: () => {}, badly: () => {} };
  const answer = new Promise<void>((resolve, reject) => {
    end = { well: resolve, badly: () => reject(new Error('cut')) };
  });
  return { run: () => answer, ...end };
}

/** What the gauge shows for the guards of this file. */
async function shown(): Promise<string | undefined> {
  const lines = (await metrics.metrics()).split('\n');
  return lines
    .find((line) => line.includes('dependency="provider"'))
    ?.split(' ')
    .at(-1);
}

test('an answer passes through, a failure is named with its cause', async () => {
  const guard = aGuard();
  expect(await guard.call(async () => 7)).toBe(7);
  await expect(guard.call(fails)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    cause: { message: 'no line' },
  });
});

test('a call that hangs ends after 5 s', async () => {
  const pending = aGuard().call(hangs).catch(codeOf);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await pending).toBe('TIMEOUT');
});

test('5 failures in a row leave it alone for 30 s, then one call at a time is let in', async () => {
  const guard = aGuard();
  for (let n = 0; n < 5; n += 1) await guard.call(fails).catch(codeOf);
  expect(lines).toEqual(['provider does not answer: it is left alone']);
  let calls = 0;
  const counted = async () => {
    calls += 1;
  };
  now = 29_999;
  expect(guard.isPassable()).toBe(false);
  expect(await guard.call(counted).catch(codeOf)).toBe('CIRCUIT_OPEN');
  now = 30_000;
  const trial = guard.call(hangs).catch(codeOf);
  expect(await guard.call(counted).catch(codeOf)).toBe('CIRCUIT_OPEN');
  await vi.advanceTimersByTimeAsync(5_000);
  expect([await trial, calls, guard.isPassable()]).toEqual(['TIMEOUT', 0, false]);
  now = 60_000;
  await Promise.all([guard.call(counted)]);
  await guard.call(counted);
  expect([calls, guard.isPassable()]).toEqual([2, true]);
});

test('a success in between starts the count again', async () => {
  const guard = aGuard();
  for (let n = 0; n < 4; n += 1) await guard.call(fails).catch(codeOf);
  await guard.call(async () => {});
  for (let n = 0; n < 4; n += 1) await guard.call(fails).catch(codeOf);
  expect(guard.isPassable()).toBe(true);
});

test('an error that is an answer passes through as it is and opens nothing', async () => {
  const guard = aGuard();
  for (let n = 0; n < 10; n += 1) await expect(guard.call(refuses)).rejects.toThrow(Refusal);
  for (let n = 0; n < 4; n += 1) await guard.call(fails).catch(codeOf);
  await guard.call(refuses).catch(codeOf);
  await guard.call(fails).catch(codeOf);
  expect(guard.isPassable()).toBe(true);
});

test('a good answer to a call from before the opening lets nobody in early', async () => {
  const guard = aGuard();
  const slow = slowly();
  const early = guard.call(slow.run);
  for (let n = 0; n < 5; n += 1) await guard.call(fails).catch(codeOf);
  slow.well();
  await early;
  expect(guard.isPassable()).toBe(false);
  now = 30_000;
  expect(guard.isPassable()).toBe(true);
});

test('failures of calls from before the opening do not prolong the rest', async () => {
  const guard = aGuard();
  const slow = slowly();
  const early = Array.from({ length: 5 }, () => guard.call(slow.run).catch(codeOf));
  for (let n = 0; n < 5; n += 1) await guard.call(fails).catch(codeOf);
  now = 29_000;
  slow.badly();
  await Promise.all(early);
  now = 30_000;
  expect(guard.isPassable()).toBe(true);
});

test('a late answer during the trial neither ends it nor lets a second call in', async () => {
  const guard = aGuard();
  const [good, bad, trial] = [slowly(), slowly(), slowly()];
  const early = [guard.call(good.run), guard.call(bad.run).catch(codeOf)];
  for (let n = 0; n < 5; n += 1) await guard.call(fails).catch(codeOf);
  now = 30_000;
  const trying = guard.call(trial.run);
  good.well();
  bad.badly();
  await Promise.all(early);
  expect([guard.isPassable(), await shown()]).toEqual([false, '1']);
  trial.well();
  await trying;
  expect([guard.isPassable(), await shown()]).toEqual([true, '0']);
});

test('the gauge follows the circuit; the log tells the begin and the end of a rest', async () => {
  const guard = aGuard();
  expect(await shown()).toBe('0');
  for (let n = 0; n < 5; n += 1) await guard.call(fails).catch(codeOf);
  expect(await shown()).toBe('2');
  now = 30_000;
  await guard.call(fails).catch(codeOf);
  now = 60_000;
  await guard.call(async () => {});
  expect(await shown()).toBe('0');
  expect(lines).toEqual(['provider does not answer: it is left alone', 'provider answers again']);
});

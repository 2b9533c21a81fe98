import { setTimeout as pause } from 'node:timers/promises';
import type { Shared, SharedStore } from '@simplebank/chassis/shared';
import { createMemoryShared, SharedUnavailable } from '@simplebank/chassis/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createChance } from './chance.ts';
import type { Instance, Truth } from './world.ts';
import { createInstance, log } from './world.ts';

/** A store that can be taken away from one instance or from all of them. */
function behindSwitch({ store, ...others }: Shared, line: { cut: boolean }): Shared {
  const reach = async <T>(command: () => Promise<T>): Promise<T> => {
    if (line.cut) throw new SharedUnavailable('cut');
    return command();
  };
  const switched: SharedStore = {
    getMany: (keys) => reach(() => store.getMany(keys)),
    set: (key, value, ttlMs) => reach(() => store.set(key, value, ttlMs)),
    increment: (key, ttlMs) => reach(() => store.increment(key, ttlMs)),
    setIfAbsent: (key, value, ttlMs) => reach(() => store.setIfAbsent(key, value, ttlMs)),
    delete: (keys) => reach(() => store.delete(keys)),
  };
  return { ...others, store: switched };
}

let truth: Truth;
let lines: { cut: boolean }[];
let one: Instance;
let two: Instance;
let shared: Shared;

beforeEach(async () => {
  truth = { versions: new Map(), assets: 0, runs: 0 };
  shared = createMemoryShared({ log });
  lines = [{ cut: false }, { cut: false }];
  const opened = lines.map((line, n) =>
    createInstance(behindSwitch(shared, line), truth, createChance(n)),
  );
  [one, two] = opened as [Instance, Instance];
  for (const { cache } of opened) await cache.start();
});
afterEach(async () => {
  for (const { cache } of [one, two]) await cache.close();
  await shared.close();
});

const versionAt = async (instance: Instance): Promise<number> =>
  ((await instance.ask('own', 'ann')) as { me: { version: number } }).me.version;

/** Until a second read of the same runs nothing. */
async function untilKept(instance: Instance, expected: number): Promise<number> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(20)) {
    expect(await versionAt(instance)).toBe(expected);
    const before = truth.runs;
    expect(await versionAt(instance)).toBe(expected);
    if (truth.runs === before) return performance.now();
  }
  throw new Error('nothing was ever kept');
}

test('a write while the store is away is seen everywhere, also once it is back', async () => {
  await Promise.all([versionAt(one), versionAt(two)]);
  await versionAt(two);
  for (const line of lines) line.cut = true;
  await one.ask('write', 'ann');
  expect(await versionAt(one)).toBe(1);
  for (const line of lines) line.cut = false;
  // Nobody asked the second instance meanwhile, and it holds what was kept before.
  expect(await versionAt(two)).toBe(1);
  await Promise.all([untilKept(one, 1), untilKept(two, 1)]);
}, 60_000);

test('what was kept before the store was away is never told again', async () => {
  await versionAt(two);
  for (const line of lines) line.cut = true;
  expect([await versionAt(one), await versionAt(two)]).toEqual([0, 0]);
  truth.versions.set('ann', 5); // by an event that nobody could be told of
  for (const line of lines) line.cut = false;
  await Promise.all([untilKept(one, 5), untilKept(two, 5)]);
}, 60_000);

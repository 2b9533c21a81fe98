import { expect, test } from 'vitest';
import { createMemoryLimiter } from './limiter.ts';
import { createMemoryStore } from './memory-store.ts';

const minuteMs = 60_000;

test('what was used longest ago is forgotten first, so that memory stays bounded', async () => {
  const store = createMemoryStore();
  for (let n = 0; n < 50_000; n += 1) await store.set(`key ${n}`, 'x', minuteMs);
  expect(await store.getMany(['key 0', 'key 1'])).toEqual(['x', 'x']);
  for (let n = 0; n < 49_998; n += 1) await store.set(`new ${n}`, 'x', minuteMs);
  expect(await store.getMany(['key 0', 'key 1', 'key 2'])).toEqual(['x', 'x', null]);
});

test('few large texts are bounded as many small ones are', async () => {
  const store = createMemoryStore();
  const large = 'x'.repeat(8 * 1024 * 1024);
  for (let n = 0; n < 10; n += 1) await store.set(String(n), large, minuteMs);
  const kept = await store.getMany(Array.from({ length: 10 }, (_, n) => String(n)));
  expect(kept.filter((text) => text !== null)).toHaveLength(7);
  expect(kept.at(-1)).toBe(large);
});

test('what outlives its time is gone, and its room is free', async () => {
  let now = 0;
  const store = createMemoryStore(() => now);
  await store.set('a', 'x', 10);
  now = 9;
  expect(await store.getMany(['a'])).toEqual(['x']);
  now = 10;
  expect(await store.getMany(['a'])).toEqual([null]);
  expect(await store.increment('a', 10)).toBe(1);
});

test('callers without number cost a bounded number of counters', async () => {
  const limiter = createMemoryLimiter({ name: 'calls', pointsMax: 1, windowSeconds: 60 });
  await limiter.take('first', 1);
  await limiter.take('kept', 1);
  for (let n = 0; n < 49_999; n += 1) await limiter.take(`caller ${n}`, 1);
  expect((await limiter.take('kept', 1)).allowed).toBe(false);
  expect((await limiter.take('first', 1)).allowed).toBe(true);
});

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createLogger } from '../process/logging.ts';
import { openShared, type Shared } from './shared.ts';

const redisUrl = process.env['REDIS_URL'];
const log = createLogger({ service: 'test', destination: { write: () => undefined } });
const opened: Shared[] = [];
afterEach(async () => {
  for (const shared of opened.splice(0)) await shared.close();
});

/** Two instances; in memory an instance shares with itself alone. */
async function open(kind: 'memory' | 'redis'): Promise<readonly [Shared, Shared]> {
  const prefix = `test_${randomUUID().replaceAll('-', '')}`;
  const url = kind === 'redis' ? redisUrl : undefined;
  // No test of what Redis answers is one of how fast a busy machine does.
  const options = { redisUrl: url, prefix, answerMsMax: 10_000, log };
  const one = await openShared(options);
  const two = kind === 'redis' ? await openShared(options) : one;
  opened.push(one, ...(two === one ? [] : [two]));
  return [one, two];
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds()); await pause(5)) {
    if (Date.now() > end) throw new Error('waited in vain');
  }
}

const minuteMs = 60_000;

describe.each(redisUrl ? (['memory', 'redis'] as const) : (['memory'] as const))('%s', (kind) => {
  test('what one instance keeps the other reads, in the order asked for', async () => {
    const [one, two] = await open(kind);
    await one.store.set('a', 'first', minuteMs);
    await one.store.set('b', 'second', minuteMs);
    await one.store.set('a', 'third', minuteMs);
    expect(await two.store.getMany(['b', 'none', 'a'])).toEqual(['second', null, 'third']);
    await two.store.delete(['a', 'none']);
    expect(await one.store.getMany(['a', 'b'])).toEqual([null, 'second']);
    expect(await one.store.getMany([])).toEqual([]);
    await one.store.delete([]);
  });

  test('a lifetime ends what it was given to', async () => {
    const [{ store }] = await open(kind);
    await store.set('short', 'x', 5);
    await store.setIfAbsent('claim', 'x', 5);
    await until(async () => (await store.getMany(['short', 'claim'])).every((v) => v === null));
    expect(await store.setIfAbsent('claim', 'y', minuteMs)).toBe(true);
  });

  test('a hundred counts at once on two instances miss none', async () => {
    const [one, two] = await open(kind);
    const counts = Array.from({ length: 100 }, (_, n) =>
      (n % 2 ? one : two).store.increment('n', minuteMs),
    );
    expect((await Promise.all(counts)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, n) => n + 1),
    );
  });

  test('each count gives the counter its lifetime anew', async () => {
    const [{ store }] = await open(kind);
    expect(await store.increment('n', minuteMs)).toBe(1);
    expect(await store.increment('n', 5)).toBe(2);
    await until(async () => (await store.getMany(['n']))[0] === null);
    expect(await store.increment('n', minuteMs)).toBe(1);
  });

  test('of many who claim a key at once exactly one gets it', async () => {
    const [one, two] = await open(kind);
    const claims = Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? one : two).store.setIfAbsent('key', String(n), minuteMs),
    );
    const winners = (await Promise.all(claims)).flatMap((won, n) => (won ? [String(n)] : []));
    expect(winners).toHaveLength(1);
    expect(await one.store.getMany(['key'])).toEqual(winners);
  });

  test('a signal reaches every listener of its topic on all instances, and no other', async () => {
    const [one, two] = await open(kind);
    const heard: string[] = [];
    const listen = (shared: Shared, topic: string, name: string) =>
      shared.signals.subscribe(topic, (text) => heard.push(`${name} ${text}`));
    const stop = await listen(one, 'orders', 'first');
    await one.signals.subscribe('orders', () => {
      throw new Error('a listener that fails');
    });
    await listen(two, 'orders', 'second');
    await listen(two, 'quotes', 'other');
    await one.signals.publish('orders', '1');
    await until(() => heard.length === 2);
    await stop();
    await two.signals.publish('orders', '2');
    await two.signals.publish('quotes', '3');
    await until(() => heard.length === 4);
    expect(heard.toSorted()).toEqual(['first 1', 'other 3', 'second 1', 'second 2']);
  });

  test('a limit is one limit on two instances, by key and by name', async () => {
    const [one, two] = await open(kind);
    const options = { name: 'calls', pointsMax: 10, windowSeconds: 60 };
    const limiters =
      kind === 'memory' ? [one.limiter(options)] : [one, two].map((s) => s.limiter(options));
    const take = (n: number, key = 'alice', points = 1) =>
      limiters[n % limiters.length]?.take(key, points);
    const taken = [];
    for (let n = 0; n < 12; n += 1) taken.push(await take(n));
    expect(taken.map((each) => each?.allowed)).toEqual([...Array(10).fill(true), false, false]);
    expect(taken.map((each) => each?.remaining)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]);
    for (const each of taken) {
      expect(each?.limit).toBe(10);
      expect(each?.resetMs).toBeGreaterThan(0);
      expect(each?.resetMs).toBeLessThanOrEqual(60_000);
    }
    expect((await take(0, 'bob', 4))?.remaining).toBe(6);
    expect((await one.limiter({ ...options, name: 'other' }).take('alice', 1)).allowed).toBe(true);
  });

  test('points that were not needed can be given back', async () => {
    const [one] = await open(kind);
    const limiter = one.limiter({ name: 'calls', pointsMax: 10, windowSeconds: 60 });
    await limiter.take('alice', 9);
    await limiter.give('alice', 5);
    expect((await limiter.take('alice', 6)).allowed).toBe(true);
    expect((await limiter.take('alice', 1)).allowed).toBe(false);
  });
});

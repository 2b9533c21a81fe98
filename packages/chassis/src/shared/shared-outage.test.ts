import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openRedisLine, type RedisLine } from '../../test/redis-line.ts';
import { createLogger } from '../process/logging.ts';
import { openShared, type Shared, SharedUnavailable } from './shared.ts';

const redisUrl = process.env['REDIS_URL'];
const log = createLogger({ service: 'test', destination: { write: () => undefined } });
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(
  answerMsMax = 200,
): Promise<{ shared: Shared; line: RedisLine; prefix: string }> {
  const line = await openRedisLine(redisUrl ?? '');
  const prefix = `test_${randomUUID().replaceAll('-', '')}`;
  const shared = await openShared({ redisUrl: line.url, prefix, answerMsMax, log });
  closing.push(line.close, shared.close);
  return { shared, line, prefix };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !(await holds()); await pause(10)) {
    if (Date.now() > end) throw new Error('waited in vain');
  }
}

const minuteMs = 60_000;
const calls: Readonly<Record<string, (shared: Shared) => Promise<unknown>>> = {
  getMany: ({ store }) => store.getMany(['a']),
  set: ({ store }) => store.set('a', 'b', minuteMs),
  increment: ({ store }) => store.increment('n', minuteMs),
  setIfAbsent: ({ store }) => store.setIfAbsent('a', 'b', minuteMs),
  delete: ({ store }) => store.delete(['a']),
  publish: ({ signals }) => signals.publish('topic', 'text'),
};
const works = (shared: Shared) =>
  shared.store.set('probe', 'x', minuteMs).then(
    () => true,
    () => false,
  );

describe.skipIf(!redisUrl)('while Redis is away', () => {
  test.each(['cut', 'hang'] as const)('every call is refused in bounded time: %s', async (how) => {
    const { shared, line } = await open();
    await line[how]();
    for (const [name, call] of Object.entries(calls)) {
      const outcome = await Promise.race([
        call(shared).catch((error: unknown) => error),
        pause(5_000),
      ]);
      expect(outcome, name).toBeInstanceOf(SharedUnavailable);
    }
  });

  test.each(['cut', 'hang'] as const)(
    'it works again by itself once it is back: %s',
    async (how) => {
      const { shared, line } = await open();
      const heard: string[] = [];
      await shared.signals.subscribe('before', (text) => heard.push(text));
      await line[how]();
      await until(async () => !(await works(shared)));
      await shared.signals.subscribe('during', (text) => heard.push(text));
      await line.mend();
      const told = async () => {
        await shared.signals.publish('before', 'one').catch(() => {});
        await shared.signals.publish('during', 'two').catch(() => {});
        return heard.includes('one') && heard.includes('two');
      };
      await until(told);
      await until(() => works(shared));
    },
  );

  test('each instance grants its share of a limit, then the common one counts again', async () => {
    const { shared, line } = await open(10_000);
    const limiter = shared.limiter({
      ...{ name: 'calls', pointsMax: 10, windowSeconds: 60, localShare: 0.5 },
    });
    expect(await limiter.take('alice', 8)).toMatchObject({ allowed: true, remaining: 2 });
    await line.cut();
    await until(async () => !(await works(shared)));
    const alone = [];
    for (let n = 0; n < 6; n += 1) alone.push(await limiter.take('alice', 1));
    expect(alone.map(({ allowed }) => allowed)).toEqual([true, true, true, true, true, false]);
    expect(alone[0]).toMatchObject({ limit: 5, remaining: 4 });
    await line.mend();
    await until(() => works(shared));
    expect(await limiter.take('alice', 1)).toMatchObject({ limit: 10, remaining: 1 });
  });

  test('a process starts without it, and has it as soon as it comes', async () => {
    const line = await openRedisLine(redisUrl ?? '');
    await line.cut();
    closing.push(line.close);
    const shared = await openShared({ redisUrl: line.url, prefix: 'test_start', log });
    closing.push(shared.close);
    expect(await works(shared)).toBe(false);
    await line.mend();
    await until(() => works(shared));
    await shared.store.delete(['probe']);
  });
});

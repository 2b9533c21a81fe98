import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { openShared, type Shared } from '@simplebank/chassis/shared';
import { eventually } from '@simplebank/testkit/eventually';
import { afterEach, describe, expect, test } from 'vitest';
import { openRedisLine } from '../../packages/chassis/test/redis-line.ts';
import { openBank } from '../../packages/gateway-kit/test/bank.ts';
import { limitsOf } from '../../packages/gateway-kit/test/limits/settings.ts';

const redisUrl = process.env['REDIS_URL'];
const log = createLogger({ service: 'test', destination: { write: () => undefined } });
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const limits = limitsOf({ budget: { principalPoints: 10 }, localShare: 0.5 });

/** Two instances of one gateway, which reach Redis by the same line. */
async function openInstances() {
  const line = await openRedisLine(redisUrl ?? '');
  closing.push(line.close);
  const prefix = `test_${randomUUID().replaceAll('-', '')}`;
  const open = async () => {
    const shared = await openShared({ redisUrl: line.url, prefix, answerMsMax: 10_000, log });
    closing.push(shared.close);
    const bank = await openBank({ shared, limits });
    closing.push(bank.close);
    const token = await bank.mint.token('c1');
    const ask = () => bank.query('{ __typename }', { token });
    return { shared, ask };
  };
  return { line, one: await open(), two: await open() };
}

const isAway = ({ store }: Shared) =>
  store.getMany(['any']).then(
    () => false,
    () => true,
  );

describe.skipIf(!redisUrl)('a limit over several instances', () => {
  test('a limit of ten is ten, whichever instance is asked', async () => {
    const { one, two } = await openInstances();
    const answers = [];
    for (let n = 0; n < 11; n += 1) answers.push(await (n % 2 ? one : two).ask());
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(200), 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0].map(String),
    );
    expect(Number(answers[10]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('while Redis is lost each instance grants its share, and both go on answering', async () => {
    const { line, one, two } = await openInstances();
    await line.cut();
    await eventually(async () => {
      expect(await Promise.all([isAway(one.shared), isAway(two.shared)])).toEqual([true, true]);
    });
    for (const instance of [one, two]) {
      const statuses = [];
      for (let n = 0; n < 6; n += 1) statuses.push((await instance.ask()).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    }
    await line.mend();
    await eventually(
      async () => {
        expect([await isAway(one.shared), await isAway(two.shared)]).toEqual([false, false]);
      },
      { withinMs: 15_000 },
    );
    expect((await one.ask()).headers.get('ratelimit-limit')).toBe('10');
  });
});

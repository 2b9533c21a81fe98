import { expect, test } from 'vitest';
import type { Logger } from '../process/logging.ts';
import { metrics } from '../process/metrics.ts';
import { createWorkGauges } from './work-gauges.ts';

const silent: Logger = {
  ...{ debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent },
};

test('dead letters are counted from 0, so that the first one is a rise', async () => {
  const ask = () => Promise.reject(new Error('nothing is asked yet'));
  createWorkGauges({ subscriber: 'holdings', log: silent, ask, queues: {} });
  expect(await metrics.metrics()).toContain('queue="holdings",outcome="dead"} 0');
});

test('what cannot be counted is told once, and spoils no other', async () => {
  const told: string[] = [];
  const log: Logger = {
    ...{ debug: () => {}, info: () => {}, error: () => {}, child: () => log },
    warn: (_, message) => void told.push(message),
  };
  let broken = true;
  const measure = createWorkGauges({
    subscriber: 'market',
    log,
    ask: () => Promise.reject(new Error('no database')),
    queues: {
      count: async () => {
        if (broken) throw new Error('no queue');
        return { waiting: 7, active: 0, delayed: 0, oldestMs: 2_000 };
      },
    },
  });
  await measure();
  await measure();
  const all = ['cannot count parked events', 'cannot count the outbox', 'cannot count the queue'];
  expect(told.toSorted()).toEqual(all);
  broken = false;
  await measure();
  expect(await metrics.metrics()).toContain('queue="market",state="waiting"} 7');
  broken = true;
  await measure();
  expect(told.slice(3)).toEqual(['cannot count the queue']);
});

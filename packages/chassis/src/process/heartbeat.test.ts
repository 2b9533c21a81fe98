import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { beat, createHeart } from './heartbeat.ts';
import { metrics } from './metrics.ts';

const about = { service: 'test', silentMs: 60 };
const never = () => new Promise<void>(() => {});

test('work that hangs is no longer alive, and its age is told', async () => {
  const heart = createHeart({ ...about, worker: 'hangs' });
  expect(heart.isAlive()).toBe(true);
  void heart.during(never);
  await expect.poll(heart.isAlive).toBe(false);
  const told = await metrics.metrics();
  expect(told).toMatch(/simplebank_heartbeat_age_seconds\{service="test",worker="hangs"\} 0\.\d+/);
  heart.rest();
  expect(await metrics.metrics()).not.toContain('worker="hangs"');
});

test('work that commits now and then lives on, however long it takes', async () => {
  const heart = createHeart({ ...about, worker: 'long' });
  let alive = true;
  await heart.during(async () => {
    for (let step = 0; step < 12; step += 1) {
      await pause(10);
      beat();
      alive &&= heart.isAlive();
    }
  });
  expect(alive).toBe(true);
  expect(heart.ageMs()).toBe(0);
});

test('work that fails again and again is not alive until it is done', async () => {
  const heart = createHeart({ ...about, worker: 'fails' });
  const fail = () => heart.during(() => Promise.reject(new Error('no database')));
  await expect(fail()).rejects.toThrow('no database');
  await expect.poll(heart.isAlive).toBe(false);
  await expect(fail()).rejects.toThrow('no database');
  expect(heart.isAlive()).toBe(false);
  await heart.during(async () => {});
  expect(heart.isAlive()).toBe(true);
});

import { expect, test } from 'vitest';
import { createWaiting } from '../src/doors/waiting.ts';

const nothing = { reports: [], resumePoint: '' };

test('who has waited in vain leaves nothing behind, however often it asks', async () => {
  const waiting = createWaiting(async () => nothing);
  const asked = Array.from({ length: 20 }, () => waiting.read({ after: '', waitMs: 20 }));
  await Promise.resolve();
  expect(waiting.waiting()).toBe(20);
  expect(await Promise.all(asked)).toEqual(asked.map(() => nothing));
  expect(waiting.waiting()).toBe(0);
});

test('a trade answers all who wait at once, long before their time is over', async () => {
  let page: { reports: never[]; resumePoint: string } = nothing;
  const waiting = createWaiting(async () => page);
  const startedAt = performance.now();
  const asked = Array.from({ length: 5 }, () => waiting.read({ after: '', waitMs: 60_000 }));
  await Promise.resolve();
  page = { reports: [{} as never], resumePoint: '7' };
  waiting.wake();
  const pages = await Promise.all(asked);
  expect(pages.map(({ resumePoint }) => resumePoint)).toEqual(pages.map(() => '7'));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

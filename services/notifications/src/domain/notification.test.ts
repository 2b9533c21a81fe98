import { expect, test } from 'vitest';
import { afterAttempt } from './notification.ts';

const at = new Date('2026-01-30T17:00:00.000Z');
const failed = { outcome: 'FAILED', error: 'no answer' } as const;

test('pauses grow from attempt to attempt, and the eighth failure is the last', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempts) => {
    const after = afterAttempt(attempts, failed, at);
    return after.state === 'QUEUED' ? (after.nextAttemptAt.getTime() - at.getTime()) / 1000 : null;
  });
  expect(pauses).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
  expect(afterAttempt(8, failed, at)).toEqual({ state: 'FAILED', reason: 'no answer' });
});

test('a delivery is sent at whatever attempt', () => {
  expect(afterAttempt(8, { outcome: 'SENT' }, at)).toEqual({ state: 'SENT' });
});

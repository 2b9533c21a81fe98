import { expect, test } from 'vitest';
import { afterAttempt } from './notification.ts';

const at = new Date('2026-01-30T17:00:00.000Z');
const failed = { outcome: 'FAILED', error: 'TIMEOUT', answered: false } as const;

test('pauses grow from attempt to attempt, and the eighth failure is the last', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 6].map((attempts) => {
    const after = afterAttempt(attempts, failed, at);
    return after.state === 'QUEUED' ? (after.nextAttemptAt.getTime() - at.getTime()) / 1000 : null;
  });
  expect(pauses).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
  expect(afterAttempt(7, failed, at)).toEqual({ state: 'FAILED', attempts: 8, reason: 'TIMEOUT' });
});

test('a delivery is sent at whatever attempt', () => {
  expect(afterAttempt(7, { outcome: 'SENT' }, at)).toEqual({ state: 'SENT', attempts: 8 });
});

test('a channel that is left alone costs no attempt, however long', () => {
  expect(afterAttempt(7, { outcome: 'NOT_TRIED' }, at)).toEqual({
    ...{ state: 'QUEUED', attempts: 7 },
    nextAttemptAt: new Date(at.getTime() + 5_000),
  });
});

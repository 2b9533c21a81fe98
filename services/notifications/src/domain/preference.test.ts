import { expect, test } from 'vitest';
import { kinds } from './kinds.ts';
import { checkPreference, isWanted } from './preference.ts';

test('everything is told unless turned off, but for the word to everybody, which waits', () => {
  const silent = kinds.filter((kind) => !isWanted(kind, null));
  expect(silent).toEqual(['STRATEGY_CREATED']);
  expect(isWanted('STRATEGY_CREATED', true)).toBe(true);
  expect(isWanted('PAYMENT', false)).toBe(false);
});

test('security cannot be turned off, whatever a row may say', () => {
  const off = { kind: 'SECURITY', channel: 'EMAIL', enabled: false } as const;
  expect(checkPreference(off, ['EMAIL'])).toEqual({ ok: false, error: 'SECURITY_ALWAYS_ON' });
  expect(checkPreference({ ...off, enabled: true }, ['EMAIL'])).toMatchObject({ ok: true });
  expect(isWanted('SECURITY', false)).toBe(true);
});

test('a channel that the bank does not offer cannot be chosen', () => {
  const push = { kind: 'PAYMENT', channel: 'PUSH', enabled: true } as const;
  expect(checkPreference(push, ['IN_APP', 'EMAIL'])).toEqual({
    ...{ ok: false, error: 'CHANNEL_NOT_AVAILABLE' },
  });
});

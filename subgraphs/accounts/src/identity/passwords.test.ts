import { afterEach, expect, test, vi } from 'vitest';
import { createPasswords } from './passwords.ts';

const passwords = createPasswords({ cost: 10 });
afterEach(() => vi.useRealTimers());

test('a hash names its parameters, has its own salt, and knows its password only', async () => {
  const [first, second] = await Promise.all([passwords.hash('secret'), passwords.hash('secret')]);
  expect(first).toMatch(/^scrypt\$10\$8\$1\$[A-Za-z0-9+/=]{24}\$[A-Za-z0-9+/=]{44}$/);
  expect(second).not.toBe(first);
  expect(await passwords.verify('secret', first)).toBe(true);
  expect(await passwords.verify('Secret', first)).toBe(false);
});

test('nobody is verified without a hash', async () => {
  expect(await passwords.verify('secret', null)).toBe(false);
});

test('hashes of other parameters still verify, and weaker ones are outdated', async () => {
  const weak = await createPasswords({ cost: 8 }).hash('secret');
  expect(await passwords.verify('secret', weak)).toBe(true);
  expect([passwords.isOutdated(weak), passwords.isOutdated(await passwords.hash('x'))]).toEqual([
    true,
    false,
  ]);
});

test('the same password typed on another keyboard is the same password', async () => {
  const composed = await passwords.hash('caf\u00e9-caf\u00e9-caf\u00e9');
  expect(await passwords.verify('cafe\u0301-cafe\u0301-cafe\u0301', composed)).toBe(true);
});

test('a password that waited longer than its request may last is not looked at', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const first = [passwords.hash('one'), passwords.hash('two')];
  const waiting = passwords.hash('three');
  const outcome = waiting.then(
    () => 'hashed',
    ({ message }) => message,
  );
  vi.advanceTimersByTime(10_000);
  const next = passwords.hash('four');
  expect([await outcome, (await Promise.all(first)).length, (await next).length]).toEqual([
    'too many passwords to check: this one waited too long',
    2,
    83,
  ]);
});

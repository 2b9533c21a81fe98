import { expect, test } from 'vitest';
import { readSigningKeys, statesOf, writeSigningKeys } from './signing-keys.ts';

const start = Date.parse('2026-01-30T14:00:00.000Z');
const minute = 60_000;
const at = (minutes: number) => new Date(start + minutes * minute);
const jwk = (kid: string) => ({ kid, kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 's3cret' });
const set = JSON.stringify({
  keys: [
    { ...jwk('new'), signsFrom: at(30).toISOString() },
    { ...jwk('old'), signsFrom: at(0).toISOString() },
  ],
});

const statesAt = (minutes: number) =>
  statesOf(readSigningKeys(set), { now: at(minutes), lingerMs: 16 * minute }).map(
    ({ key, state }) => `${key.jwk.kid} ${state}`,
  );

test('a key is shown before it signs, signs, lingers while its tokens live, and retires', () => {
  expect(statesAt(29.99)).toEqual(['old SIGNING', 'new NEXT']);
  expect(statesAt(30)).toEqual(['old LINGERING', 'new SIGNING']);
  expect(statesAt(45.99)).toEqual(['old LINGERING', 'new SIGNING']);
  expect(statesAt(46)).toEqual(['old RETIRED', 'new SIGNING']);
});

test('a single key signs at any time, also one whose time has not come', () => {
  const single = readSigningKeys(JSON.stringify(jwk('only')));
  expect(statesOf(single, { now: at(0), lingerMs: 0 })).toMatchObject([{ state: 'SIGNING' }]);
  expect(statesAt(-1)).toEqual(['old SIGNING', 'new NEXT']);
});

test('what is written is what is read', () => {
  const keys = readSigningKeys(set);
  expect(readSigningKeys(writeSigningKeys(keys))).toEqual(keys);
});

test.each([
  ['s3cret'],
  ['{}'],
  ['{"keys":[]}'],
  [JSON.stringify({ ...jwk('public'), d: undefined })],
  [JSON.stringify({ ...jwk('s3cret'), kid: undefined })],
  [JSON.stringify({ keys: [jwk('same'), jwk('same')] })],
  [JSON.stringify({ ...jwk('late'), signsFrom: 'tomorrow' })],
])('%s is refused without being repeated', (json) => {
  expect(() => readSigningKeys(json)).toThrow(/^(expected private JWKs|two signing keys)/);
});

import { expect, test } from 'vitest';
import { parseEmail } from './identity.ts';

test('one address is one identity, however it is typed', () => {
  const typed = [' Ren\u00e9@Example.com', 'RENE\u0301@example.com '];
  expect(typed.map(parseEmail)).toEqual(['ren\u00e9@example.com', 'ren\u00e9@example.com']);
});

test.each([
  ['a\u0000b@example.com', 'a zero character, which the database refuses'],
  ['a\u0007b@example.com', 'a control character'],
  ['a\u200bb@example.com', 'a character that nobody sees'],
  ['a\ud800b@example.com', 'half a character'],
  ['alice@example', 'no domain'],
  [`${'x'.repeat(250)}@example.com`, 'too long'],
])('%j is no address: %s', (text) => {
  expect(parseEmail(text)).toBeNull();
});

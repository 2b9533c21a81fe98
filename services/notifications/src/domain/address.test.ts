import { expect, test } from 'vitest';
import { greetingName, isAddress } from './address.ts';

test.each([
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com\nDATA',
  '<ada@example.com>',
  'ada@example.com, eve@example.com',
  'ada@example.com;eve@example.com',
  'ada @example.com',
  'ada@[127.0.0.1]',
  '"ada eve"@example.com',
  'ada@@example.com',
  'ada@example',
  'ada@exam ple.com',
  'ada\u0000@example.com',
  `${'a'.repeat(250)}@example.com`,
])('%j is no address to send to', (text) => {
  expect(isAddress(text)).toBe(false);
});

test.each(['ada@example.com', "o'neil+bank@mail.example.co", 'ädä@example.com'])(
  '%s is one',
  (text) => {
    expect(isAddress(text)).toBe(true);
  },
);

test.each(['Ada Saver', "Anne-Marie O'Neil Jr.", 'José', 'J. R. R. Tolkien', '李小龍'])(
  '%s is greeted by name',
  (name) => {
    expect(greetingName(name)).toBe(name);
  },
);

test.each([
  'Ada\n\nYour account is blocked',
  'see evil.com',
  'https://evil.example',
  'Ada <b>',
  'call 555 0100',
  'Ada  Saver',
  'A'.repeat(61),
  '',
])('%j is no name to greet by', (name) => {
  expect(greetingName(name)).toBeNull();
});

import { expect, test } from 'vitest';
import { addressOf, networkOf } from '../../src/limits/address.ts';

const from = (forwarded: string | undefined, remoteAddress: string | undefined = '10.0.0.1') => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  socket: { remoteAddress },
});

test('without trusted proxies the socket says who calls, whatever is claimed', () => {
  expect(addressOf(from('203.0.113.9'), 0)).toBe('10.0.0.1');
  expect(addressOf({ headers: {}, socket: {} }, 0)).toBe('unknown');
});

test('each trusted proxy vouches for one address, and nobody for what a caller wrote', () => {
  const claimed = from('198.51.100.1, 203.0.113.9, 192.0.2.7');
  expect(addressOf(claimed, 1)).toBe('192.0.2.7');
  expect(addressOf(claimed, 2)).toBe('203.0.113.9');
  expect(addressOf(from('2001:db8::9'), 1)).toBe('2001:db8::9');
});

test.each([undefined, '', 'nonsense', '203.0.113.9, <script>', '1.2.3.4:80'])(
  'a header that names no address is not believed: %s',
  (header) => {
    expect(addressOf(from(header), 1)).toBe('10.0.0.1');
  },
);

test('fewer addresses than proxies came past one of them: the socket counts', () => {
  expect(addressOf(from('203.0.113.9'), 2)).toBe('10.0.0.1');
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('a caller has the network of %s, not one address of it', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

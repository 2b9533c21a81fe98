import { PublicError } from '@simplebank/chassis/errors';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { expect, test } from 'vitest';
import { LimitExceeded } from '../../src/limits/limit-exceeded.ts';
import { createStrangers } from '../../src/limits/strangers.ts';

const log = createLogger({ service: 'test', destination: { write: () => undefined } });
const nobody = () => Promise.reject(new PublicError('UNAUTHENTICATED', 'Who is it?'));
const outage = () => Promise.reject(new Error('no keys can be had'));
const alice = async () => 'Alice';

test('an address whose tokens are refused again and again is not listened to', async () => {
  const shared = createMemoryShared({ log });
  const strangers = createStrangers({ name: 'web', shared, localShare: 1 });
  const outcome = (address: string, who: () => Promise<string>) =>
    strangers.meet(address, who).catch((error: unknown) => error);

  for (let n = 0; n < 1_500; n += 1) await outcome('203.0.113.9', outage);
  for (let n = 0; n < 1_000; n += 1) await outcome('203.0.113.9', nobody);
  expect(await outcome('203.0.113.9', alice)).toBe('Alice');

  expect(await outcome('203.0.113.9', nobody)).toBeInstanceOf(PublicError);
  const refused = await outcome('203.0.113.9', alice);
  expect(refused).toBeInstanceOf(LimitExceeded);
  expect(refused).toMatchObject({ strategy: 'strangers', extensions: { code: 'RATE_LIMITED' } });
  expect(await outcome('203.0.113.10', alice)).toBe('Alice');
});

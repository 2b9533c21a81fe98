import { afterEach, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
afterEach(() => bank.close());

const query = '{ account(id: "a1") { id holdingsPage { symbol } } }';

test('keys that are known outlive an outage of accounts', async () => {
  let now = Date.now();
  bank = await openBank({ clock: { now: () => new Date(now) } });
  const token = await bank.mint.token('c1', { expiresIn: 3_600 });
  expect((await bank.query('{ holdings { symbol } }', { token })).status).toBe(200);
  await bank.accounts.close();
  now += 1_800_000;
  const { status, body } = await bank.query('{ holdings { symbol } }', { token });
  expect(body).toEqual({ data: { holdings: [{ symbol: 'ABC' }, { symbol: 'NEW' }] } });
  expect(status).toBe(200);
});

test('a token that was just accepted is refused once its time is over', async () => {
  let now = Date.now();
  bank = await openBank({ clock: { now: () => new Date(now) } });
  const token = await bank.mint.token('c1', { expiresIn: 10 });
  const status = async () => (await bank.query('{ holdings { symbol } }', { token })).status;
  expect(await status()).toBe(200);
  now += 14_000;
  expect(await status()).toBe(200); // within the tolerance
  now += 2_000;
  expect(await status()).toBe(401);
});

test('without any keys a token is nobody’s fault: 503 and a time to come back', async () => {
  bank = await openBank({ startStubs: false });
  const token = await bank.mint.token('c1');
  const { status, headers, body } = await bank.query(query, { token });
  expect(body).toEqual({
    errors: [
      {
        message: 'The accounts part of the bank does not answer right now.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) },
      },
    ],
  });
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('5');
});

test('a key that is added is found; unknown key ids do not make us ask each time', async () => {
  bank = await openBank();
  await bank.mint.add('next', 'ES256');
  const token = await bank.mint.token('c1', { kid: 'next' });
  expect((await bank.query(query, { token })).status).toBe(200);
  const asked = bank.keysAsked();
  await bank.mint.add('later', 'ES256');
  const stranger = await bank.mint.token('c1', { kid: 'later' });
  expect((await bank.query(query, { token: stranger })).status).toBe(401);
  expect(bank.keysAsked()).toBe(asked);
});

test('an algorithm outside the list is refused, even with a published key', async () => {
  bank = await openBank();
  await bank.mint.add('rs', 'RS256');
  const token = await bank.mint.token('c1', { kid: 'rs' });
  const { status, body } = await bank.query(query, { token });
  expect([status, body.errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
});

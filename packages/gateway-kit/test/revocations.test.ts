import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
let now: number;
beforeEach(async () => {
  now = Date.now();
  bank = await openBank({ clock: { now: () => new Date(now) } });
});
afterEach(() => bank.close());

const ofSession = (sid: string) => bank.mint.token('c1', { claims: { sid } });
const statusOf = async (token: string) =>
  (await bank.query('{ holdings { symbol } }', { token })).status;

test('the token of an ended session is refused two seconds later, though it was good', async () => {
  const [mine, others] = [await ofSession('ended'), await ofSession('alive')];
  expect(await statusOf(mine)).toBe(200);
  bank.revoked.add('ended');
  now += 2_000;
  const { status, body } = await bank.query('{ holdings { symbol } }', { token: mine });
  expect(status).toBe(401);
  expect(body.errors).toEqual([
    {
      message: 'The access token is not valid or has expired.',
      extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
    },
  ]);
  expect(await statusOf(others)).toBe(200);
});

test('a session that ended before this gateway saw its token is refused at once', async () => {
  bank.revoked.add('ended');
  expect(await statusOf(await ofSession('ended'))).toBe(401);
});

test('while accounts is away nobody is signed out or let back in; one line says so', async () => {
  const [ended, alive] = [await ofSession('ended'), await ofSession('alive')];
  bank.revoked.add('ended');
  expect(await statusOf(alive)).toBe(200);
  await bank.accounts.close();
  for (const _ of [1, 2, 3]) {
    now += 5_000;
    expect(await statusOf(alive)).toBe(200);
    expect(await statusOf(ended)).toBe(401);
  }
  const told = bank.lines().filter(({ message }) => String(message).includes('ended sessions'));
  expect(told).toHaveLength(1);
});

test('the tokens of a withdrawn key die within two seconds, a session named or not', async () => {
  const tokenOf = (kid: string, sid?: string) =>
    bank.mint.token('c1', { kid, claims: { sid: sid ?? null } });
  const leaked = [await tokenOf('es', 'alive'), await tokenOf('es')];
  const good = await tokenOf('ed', 'alive');
  expect(await Promise.all([...leaked, good].map(statusOf))).toEqual([200, 200, 200]);
  bank.mint.withdraw('es');
  now += 2_000;
  const minted = await tokenOf('es', 'made-by-a-thief');
  expect(await Promise.all([...leaked, minted].map(statusOf))).toEqual([401, 401, 401]);
  expect(await statusOf(good)).toBe(200);
});

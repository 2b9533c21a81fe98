import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSessionCookies } from '../src/identity/cookies.ts';
import { type Bank, openBank } from './bank.ts';

const now = new Date('2026-01-30T15:00:00.000Z');
const tokens = {
  accessToken: 'a.b.c',
  refreshToken: 'secret',
  refreshTokenExpiresAt: '2026-03-01T15:00:00.000Z',
};

describe('the cookies of a session', () => {
  test('no page reads them, no other host plants them, only refreshing sends the second', () => {
    const marks = 'HttpOnly; Secure; SameSite=Strict';
    expect(createSessionCookies({ secure: true }).set(tokens, now)).toEqual([
      `__Host-simplebank-access=a.b.c; Path=/; Max-Age=2592000; ${marks}`,
      `__Secure-simplebank-refresh=secret; Path=/session; Max-Age=2592000; ${marks}`,
      `__Secure-simplebank-refresh=secret; Path=/v1/session; Max-Age=2592000; ${marks}`,
    ]);
  });

  test('end at once when the session does, at the same paths and by the same marks', () => {
    const cookies = createSessionCookies({ secure: true });
    const ended = cookies
      .set(tokens, now)
      .map((line) => line.replace(/=(a\.b\.c|secret);/, '=;').replace('2592000', '0'));
    expect(cookies.clear()).toEqual(ended);
  });

  test('do without Secure, and without the names that demand it, only where told so', () => {
    const [access, refresh] = createSessionCookies({ secure: false }).set(tokens, now);
    expect(access).toBe(
      'simplebank-access=a.b.c; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict',
    );
    expect(refresh).toMatch(/^simplebank-refresh=secret; Path=\/session; /);
  });

  test.each([
    ['none', undefined],
    ['another one', 'theme=dark; simplebank-access=a.b.c'],
    ['an empty one', '__Host-simplebank-access='],
    [
      'two, of which one was planted',
      '__Host-simplebank-access=a.b.c; __Host-simplebank-access=x.y.z',
    ],
    ['one that is no token', '__Host-simplebank-access=a"b'],
    ['a longer one than any token', `__Host-simplebank-access=${'a'.repeat(4_097)}`],
  ])('%s is no token', (_, header) => {
    expect(createSessionCookies({ secure: true }).read(header).access).toBeNull();
  });
});

describe('a gateway for browsers', () => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await openBank({ browser: { origins: [], secureCookies: true } });
  });
  afterAll(() => bank.close());

  const query = '{ account(id: "a1") { name } }';
  const found = { data: { account: { name: 'Main' } } };
  const page = () => ({ origin: bank.url, 'x-simplebank-csrf': '1' });
  const cookie = (token: string) => ({ cookie: `theme=dark; __Host-simplebank-access=${token}` });
  const lastViewer = () => bank.accounts.calls.at(-1)?.viewer;

  test('takes who comes with the cookie for the same caller as with the bearer token', async () => {
    const token = await bank.mint.token('c1');
    expect((await bank.query(query, { token })).body).toEqual(found);
    const byBearer = lastViewer();
    const headers = { ...page(), ...cookie(token) };
    expect((await bank.query(query, { headers })).body).toEqual(found);
    expect(lastViewer()).toEqual(byBearer);
    expect(byBearer).toMatchObject({ kind: 'principal', customerId: 'c1', sessionId: 's1' });
  });

  test('lets the bearer token win, and looks at no cookie then', async () => {
    const token = await bank.mint.token('bearer');
    const other = await bank.mint.token('cookie');
    for (const held of [other, 'garbage', await bank.mint.token('old', { expiresIn: -60 })]) {
      expect((await bank.query(query, { token, headers: cookie(held) })).body).toEqual(found);
      expect(lastViewer()).toMatchObject({ customerId: 'bearer' });
    }
    const bad = { authorization: 'Bearer not.a.token', ...page(), ...cookie(other) };
    const { status, headers } = await bank.query(query, { headers: bad });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('says of a cookie that has expired that a refresh will help', async () => {
    const asked = bank.accounts.calls.length;
    for (const token of [await bank.mint.token('c1', { expiresIn: -60 }), 'a.b.c']) {
      const { status, headers, body } = await bank.query(query, {
        headers: { ...page(), ...cookie(token) },
      });
      expect([status, headers.get('www-authenticate')]).toEqual([
        401,
        'Cookie refresh="/session/refresh"',
      ]);
      expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    }
    expect(bank.accounts.calls).toHaveLength(asked);
  });

  test('knows an anonymous caller by the absence of both', async () => {
    expect((await bank.query(query)).body).toEqual(found);
    expect(lastViewer()).toMatchObject({ kind: 'anonymous' });
  });

  test('ends a session that was ended elsewhere for its cookie, too', async () => {
    const token = await bank.mint.token('c1', { claims: { sid: 'stolen' } });
    bank.revoked.add('stolen');
    const headers = { ...page(), ...cookie(token) };
    await expect
      .poll(async () => (await bank.query(query, { headers })).status, { timeout: 10_000 })
      .toBe(401);
  });
});

test('a gateway that is not for browsers looks at no cookie', async () => {
  const bank = await openBank();
  const headers = { cookie: `__Host-simplebank-access=${await bank.mint.token('c1')}` };
  expect((await bank.query('{ account(id: "a1") { name } }', { headers })).status).toBe(200);
  expect(bank.accounts.calls.at(-1)?.viewer).toMatchObject({ kind: 'anonymous' });
  const response = await fetch(`${bank.url}/session`, { method: 'POST' });
  expect(response.status).toBe(404);
  await bank.close();
});

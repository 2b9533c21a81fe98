import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  NotificationsDocument,
  RefreshDocument,
  SignInDocument,
} from '../../clients/examples/generated/mobile/graphql.ts';
import { askById } from '../../clients/examples/graphql-client.ts';
import { type Device, newDevice } from '../../clients/examples/mobile/device.ts';
import * as mobile from '../../clients/examples/mobile/session.ts';
import { waitFor } from '../../tools/bank/client.ts';
import { signUp } from '../../tools/bank/customer.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let origin: string;
beforeAll(async () => {
  bank = await startWholeBank();
  origin = String(bank.urls['web']);
}, 120_000);
afterAll(() => bank.close());

const password = 'a-long-enough-secret';
async function aPerson(): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  await signUp(bank.web, { email, password, name: 'Ada' });
  return email;
}

type Reply = { readonly status: number; readonly text: string; readonly cookies: string[] };

/** A browser with a page of the gateway's own: it sends cookies where they belong. */
function openBrowser() {
  const jar = new Map<string, { readonly value: string; readonly path: string }>();

  function keep(line: string): void {
    const [pair = '', ...marks] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    const path = marks.find((mark) => mark.startsWith('Path='))?.slice(5) ?? '/';
    const isOver = marks.includes('Max-Age=0');
    if (isOver) jar.delete(`${name} ${path}`);
    else jar.set(`${name} ${path}`, { value, path });
  }

  const cookieFor = (path: string) =>
    [...jar]
      .filter(([, cookie]) => cookie.path === '/' || path.startsWith(cookie.path))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');

  async function send(method: string, path: string, body?: object): Promise<Reply> {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        ...{ origin, cookie: cookieFor(path), 'x-simplebank-csrf': '1' },
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const cookies = response.headers.getSetCookie();
    cookies.forEach(keep);
    return { status: response.status, text: await response.text(), cookies };
  }

  return {
    jar,
    send,
    me: async () => (await send('POST', '/graphql', { query: '{ me { email } }' })).text,
    copy: () => {
      const other = openBrowser();
      for (const [key, cookie] of jar) other.jar.set(key, cookie);
      return other;
    },
  };
}
type Browser = ReturnType<typeof openBrowser>;

async function aSession(email: string): Promise<Browser> {
  const browser = openBrowser();
  const { status } = await browser.send('POST', '/session', { email, password });
  expect(status).toBe(201);
  return browser;
}

const meIs = (email: string) => JSON.stringify({ data: { me: { email } } });
const nobody = JSON.stringify({ data: { me: null } });
const secretsIn = ({ jar }: Browser) => [...jar.values()].map(({ value }) => value);

describe('a browser', () => {
  test('signs in, is known, and no answer shows it a token', async () => {
    const email = await aPerson();
    const browser = openBrowser();
    const signedIn = await browser.send('POST', '/session', { email, password });
    expect([signedIn.status, JSON.parse(signedIn.text)]).toEqual([
      201,
      {
        customer: expect.objectContaining({ email, name: 'Ada', roles: ['CUSTOMER'] }),
        accessTokenExpiresAt: expect.any(String),
        refreshTokenExpiresAt: expect.any(String),
      },
    ]);
    expect(signedIn.cookies).toHaveLength(3);
    for (const line of signedIn.cookies) {
      expect(line).toMatch(/^__(Host|Secure)-.*; HttpOnly; Secure; SameSite=Strict$/);
    }
    expect(await browser.me()).toBe(meIs(email));
    const refreshed = await browser.send('POST', '/v1/session/refresh');
    const shown = signedIn.text + refreshed.text;
    for (const secret of secretsIn(browser)) expect(shown).not.toContain(secret);
    const written = JSON.stringify(await bank.lines());
    for (const secret of secretsIn(browser)) expect(written).not.toContain(secret);
  });

  test('refreshes: every token is new, and a copy of the old ones ends the session', async () => {
    const email = await aPerson();
    const browser = await aSession(email);
    const stolen = browser.copy();
    const before = secretsIn(browser);
    expect((await browser.send('POST', '/session/refresh')).status).toBe(200);
    const renewed = secretsIn(browser);
    expect(renewed.filter((secret) => before.includes(secret))).toEqual([]);
    expect(await browser.me()).toBe(meIs(email));

    // For a moment it may be another tab, which is refused and ends nothing.
    const race = async () => {
      const { status } = await stolen.send('POST', '/session/refresh');
      return status === 409 ? null : status;
    };
    expect(await waitFor('the end of the race', race, { everyMs: 500 })).toBe(401);
    const late = await browser.send('POST', '/session/refresh');
    expect([late.status, JSON.parse(late.text)]).toMatchObject([401, { code: 'TOKEN_EXPIRED' }]);
    expect([browser.jar.size, stolen.jar.size]).toEqual([0, 0]);
  });

  test('signs out: its cookies go, and a copy of them opens nothing any more', async () => {
    const browser = await aSession(await aPerson());
    const [copy, other] = [browser.copy(), browser.copy()];
    expect((await browser.send('DELETE', '/session')).status).toBe(204);
    expect(browser.jar.size).toBe(0);
    expect(await browser.me()).toBe(nobody);
    expect((await other.send('POST', '/session/refresh')).status).toBe(401);
    await waitFor(
      'the end of the access token',
      async () => ((await copy.me()).includes('UNAUTHENTICATED') ? true : null),
      { everyMs: 500 },
    );
    expect((await browser.send('DELETE', '/session')).status).toBe(204);
  });

  test('is refused by words and codes: wrong password, no session, no such method', async () => {
    const browser = openBrowser();
    const email = await aPerson();
    const wrong = await browser.send('POST', '/session', { email, password: 'not-the-password' });
    expect([wrong.status, JSON.parse(wrong.text), wrong.cookies]).toEqual([
      422,
      { code: 'INVALID_CREDENTIALS', message: expect.any(String), requestId: expect.any(String) },
      [],
    ]);
    const empty = await browser.send('POST', '/session', { email });
    expect([empty.status, JSON.parse(empty.text)]).toMatchObject([
      400,
      { code: 'BAD_INPUT', field: 'password' },
    ]);
    expect((await browser.send('POST', '/session/refresh')).status).toBe(401);
    expect((await browser.send('PUT', '/session', {})).status).toBe(405);
  });
});

describe('a phone', () => {
  type Tokens = { readonly accessToken: string; readonly refreshToken: string };
  const url = () => `${bank.urls['mobile']}/graphql`;

  const signIn = async (email: string, device: Device): Promise<Tokens> =>
    mobile.signIn({ url: url(), device }, { email, password });

  /** The new tokens, or the code of the refusal. */
  async function refresh(refreshToken: string, device: Device | null): Promise<Tokens | string> {
    const proof = device ? { deviceProof: await device.proveRefresh(refreshToken) } : {};
    const input = { refreshToken, ...proof };
    const { data } = await askById({ url: url() }, RefreshDocument, { input });
    if (data?.refresh.__typename === 'RefreshSuccess') return data.refresh.tokens;
    return String(data?.refresh.code);
  }

  test('opens no session without a key', async () => {
    const input = { email: await aPerson(), password };
    const { data } = await askById({ url: url() }, SignInDocument, { input });
    expect(data?.signIn).toMatchObject({ code: 'DEVICE_PROOF_REQUIRED' });
  });

  test('refreshes by its key; a token without it ends all, and the owner hears', async () => {
    const email = await aPerson();
    const device = await newDevice();
    const second = await refresh((await signIn(email, device)).refreshToken, device);
    if (typeof second === 'string') throw new Error(second);
    const thief = await newDevice();
    expect(await refresh(second.refreshToken, thief)).toBe('DEVICE_PROOF_INVALID');
    expect(await refresh(second.refreshToken, device)).toBe('TOKEN_EXPIRED');

    const third = await signIn(email, device);
    expect(await refresh(third.refreshToken, null)).toBe('DEVICE_PROOF_REQUIRED');
    const { accessToken } = await signIn(email, device);
    const warnings = await waitFor('two warnings to the owner', async () => {
      const gateway = { url: url(), accessToken };
      const { data } = await askById(gateway, NotificationsDocument, {});
      const titles = data?.notifications?.nodes.map(({ title }) => title) ?? [];
      const found = titles.filter((title) => title === 'We have ended a session of yours');
      return found.length === 2 ? found : null;
    });
    expect(warnings).toHaveLength(2);
  });
});

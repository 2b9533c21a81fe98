import { PublicError } from '@simplebank/chassis/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCsrfGuard } from '../src/identity/csrf.ts';
import { type Bank, openBank } from './bank.ts';

const app = 'https://app.example.com';
let bank: Bank;
beforeAll(async () => {
  bank = await openBank({ browser: { origins: [app], secureCookies: true } });
});
afterAll(() => bank.close());

type Sent = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

const mutation = JSON.stringify({ query: 'mutation { signIn(email: "a@example.com") }' });
const proof = { 'x-simplebank-csrf': '1' };
const json = { 'content-type': 'application/json' };

/** What a browser with a session sends for a page; the page chooses all but the cookie. */
async function send({ method = 'POST', path = '/graphql', headers = {}, body = mutation }: Sent) {
  const cookie = `__Host-simplebank-access=${await bank.mint.token('c1')}`;
  const response = await fetch(`${bank.url}${path}`, {
    method,
    headers: { ...json, cookie, ...headers },
    ...(method === 'GET' ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1] };
}

/** The status, and whether anything was asked of a subgraph. */
async function outcome(sent: Sent) {
  const before = bank.accounts.calls.length;
  const { status, code } = await send(sent);
  return { status, code, ran: bank.accounts.calls.length > before };
}

const done = { status: 200, code: undefined, ran: true };
const forbidden = { status: 403, code: 'FORBIDDEN', ran: false };

describe('a request that a cookie speaks for', () => {
  test('is answered for pages of ours that send the header', async () => {
    const ours = [
      { origin: bank.url },
      { origin: app },
      { 'sec-fetch-site': 'same-origin' },
      { referer: `${bank.url}/a/page` },
      { origin: bank.url, 'sec-fetch-site': 'same-origin' },
    ];
    for (const headers of ours) {
      expect(await outcome({ headers: { ...proof, ...headers } })).toEqual(done);
    }
  });

  test('is refused without the header, wherever it comes from, and nothing runs', async () => {
    for (const origin of [bank.url, app]) {
      expect(await outcome({ headers: { origin } })).toEqual(forbidden);
    }
    const empty = { origin: app, 'x-simplebank-csrf': '' };
    expect(await outcome({ headers: empty })).toEqual(forbidden);
  });

  test('is refused for pages of other origins, header or not, and nothing runs', async () => {
    const { host, port } = new URL(bank.url);
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${app}.evil.example` },
      { origin: 'http://app.example.com' },
      { origin: `http://127.0.0.1:${Number(port) + 1}` },
      { origin: `http://evil.example/${host}` },
      { origin: 'not an origin' },
      { origin: `${bank.url}/` },
      { origin: bank.url.toUpperCase() },
      { origin: bank.url.replace('//', '//evil.example@') },
      { origin: bank.url.replace(host, `${host.split(':')[0]}.:${port}`) },
      { origin: `${app}/` },
      { origin: `${app}:443` },
      { origin: `${app}, ${app}` },
      { origin: app.toUpperCase() },
      { origin: 'https://evil.example', referer: `${bank.url}/` },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site', referer: `${bank.url}/` },
      { referer: 'https://evil.example/' },
      { referer: 'nothing' },
      {},
    ];
    for (const headers of foreign) {
      const sent = { headers: { ...proof, ...(headers as Record<string, string>) } };
      expect([headers, await outcome(sent)]).toEqual([headers, forbidden]);
    }
  });

  test('is refused when a form or a beacon sends it, even as text that is JSON', async () => {
    const page = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const forms: readonly Sent[] = [
      {
        headers: { ...page, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'query=x',
      },
      { headers: { ...page, 'content-type': 'text/plain' } },
      { headers: { ...page, 'content-type': 'text/plain;application/json' } },
      { headers: { ...page, 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
    ];
    for (const form of forms) expect(await outcome(form)).toEqual(forbidden);
  });

  test('is a text that is JSON for nobody, not for our own pages either', async () => {
    const headers = { ...proof, origin: bank.url, 'content-type': 'text/plain' };
    expect(await outcome({ headers })).toMatchObject({ status: 415, ran: false });
  });

  test('may read by GET, and changes nothing by it', async () => {
    const preflighted = { 'apollo-require-preflight': '1' };
    const get = (query: string, headers: Record<string, string>) =>
      outcome({ method: 'GET', path: `/graphql?query=${encodeURIComponent(query)}`, headers });
    const read = '{ account(id: "a1") { name } }';
    expect(await get(read, preflighted)).toEqual(done);
    const change = 'mutation { signIn(email: "a@example.com") }';
    const refused = { status: 405, ran: false };
    expect(await get(change, preflighted)).toMatchObject(refused);
    expect(await get(change, { ...preflighted, ...proof, origin: bank.url })).toMatchObject(
      refused,
    );
  });

  test('is refused at every address and by every method that could change something', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const sent = { method, path: '/session', headers: { origin: 'https://evil.example' } };
      expect(await outcome(sent)).toEqual(forbidden);
    }
  });
});

test('a session is neither begun nor ended for a foreign page, cookie or not', async () => {
  const asks = [
    ['POST', '/session'],
    ['POST', '/v1/session'],
    ['POST', '/session/refresh'],
    ['POST', '/v1/session/refresh'],
    ['DELETE', '/session'],
  ] as const;
  const body = JSON.stringify({ email: 'mallory@example.com', password: 'a-password-of-hers' });
  for (const [method, path] of asks) {
    for (const headers of [{ origin: 'https://evil.example', ...proof }, { origin: bank.url }]) {
      const sent = { method, headers: { ...json, ...headers }, body };
      const response = await fetch(`${bank.url}${path}`, sent);
      expect([path, response.status, response.headers.get('set-cookie')]).toEqual([
        path,
        403,
        null,
      ]);
    }
  }
});

test('without a cookie nobody is asked where they come from: nothing can be misused', async () => {
  const headers = { origin: 'https://evil.example' };
  const { status } = await bank.query('{ account(id: "a1") { name } }', { headers });
  expect(status).toBe(200);
});

describe('a WebSocket', () => {
  const guard = createCsrfGuard({ origins: [app], tls: false });
  const open = (headers: Record<string, string>) => () =>
    guard.check({
      method: 'GET',
      headers: { upgrade: 'WebSocket', host: 'bank.example', ...headers },
    });

  test('opens by cookie for pages of ours, which cannot give it a header', () => {
    expect(open({ origin: 'https://bank.example' })).not.toThrow();
    expect(open({ origin: app })).not.toThrow();
  });

  test('stays shut for pages of other origins and for whoever does not say', () => {
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}]) {
      expect(open(headers as Record<string, string>)).toThrow(PublicError);
    }
  });
});

test('behind TLS a page of the same host over plain HTTP is a foreign one', async () => {
  const check = (tls: boolean) => () =>
    createCsrfGuard({ origins: [], tls }).check({
      method: 'POST',
      headers: { host: 'bank.example', origin: 'http://bank.example', ...proof },
    });
  expect(check(false)).not.toThrow();
  expect(check(true)).toThrow(PublicError);
});

test('browsers are told what may run, nothing, and to come by TLS where that is so', async () => {
  const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  const { headers } = await fetch(`${bank.url}/health`);
  expect(headers.get('content-security-policy')).toBe(policy);
  expect(headers.get('strict-transport-security')).toBeNull();
  const behind = await openBank({ tls: true });
  const told = await fetch(`${behind.url}/nowhere`);
  expect(told.headers.get('strict-transport-security')).toBe('max-age=63072000');
  await behind.close();
});

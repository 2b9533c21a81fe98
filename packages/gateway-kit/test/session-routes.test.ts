import { PublicError } from '@simplebank/chassis/errors';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Bank, openBank } from './bank.ts';

const typeDefs = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query { ready: Boolean }
  type Account @key(fields: "id") { id: ID! }
  type Mutation {
    signIn(input: SignInInput!): SignInResult!
    refresh(input: RefreshInput!): RefreshResult!
    signOut(input: SignOutInput!): SignOutResult!
  }
  input SignInInput { email: String! password: String! }
  union SignInResult = SignInSuccess | SignInRefusal
  type SignInSuccess { tokens: Tokens! customer: Customer! }
  type SignInRefusal { code: String! message: String! }
  type Customer { id: ID! number: String name: String! email: String! roles: [String!]! }
  input RefreshInput { refreshToken: String! }
  input SignOutInput { refreshToken: String! }
  union RefreshResult = RefreshSuccess | RefreshRefusal
  type RefreshSuccess { tokens: Tokens! }
  type RefreshRefusal { code: String! message: String! }
  type Tokens {
    accessToken: String! accessTokenExpiresAt: String!
    refreshToken: String! refreshTokenExpiresAt: String!
  }
  type SignOutResult { signedOut: Boolean! }
`;

const tokens = {
  accessToken: 'new.access.token',
  accessTokenExpiresAt: '2099-01-30T15:15:00.000Z',
  refreshToken: 'new-refresh-token',
  refreshTokenExpiresAt: '2099-03-01T15:00:00.000Z',
};
const times = {
  accessTokenExpiresAt: tokens.accessTokenExpiresAt,
  refreshTokenExpiresAt: tokens.refreshTokenExpiresAt,
};
const customer = {
  id: 'c1',
  number: '1',
  name: 'Ada',
  email: 'ada@example.com',
  roles: ['CUSTOMER'],
};

type Given = { readonly input: Readonly<Record<string, string>> };
/** What accounts answers next; a test sets it. */
let next: (given: Given) => object;
const asked: Given['input'][] = [];
const answer = (given: Given) => {
  asked.push(given.input);
  return next(given);
};
const success = (__typename: string) => () => ({ __typename, tokens, customer, signedOut: true });
const refusal = (__typename: string, code: string) => () => ({ __typename, code, message: 'No.' });

let bank: Bank;
beforeAll(async () => {
  bank = await openBank({
    browser: { origins: [], secureCookies: true },
    typeDefs,
    root: { signIn: answer, refresh: answer, signOut: answer },
  });
});
afterAll(() => bank.close());
beforeEach(() => {
  asked.length = 0;
});

async function send(method: string, path: string, { body, cookie = '' }: Sent = {}) {
  const response = await fetch(`${bank.url}${path}`, {
    method,
    headers: {
      ...{ origin: bank.url, 'x-simplebank-csrf': '1', cookie },
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const cookies = response.headers.getSetCookie().map((line) => line.split('; ')[0]);
  return { status: response.status, body: text === '' ? null : JSON.parse(text), cookies };
}
type Sent = { readonly body?: object; readonly cookie?: string };

const held = '__Host-simplebank-access=old.access.token; __Secure-simplebank-refresh=old-refresh';
const given = [
  '__Host-simplebank-access=new.access.token',
  '__Secure-simplebank-refresh=new-refresh-token',
  '__Secure-simplebank-refresh=new-refresh-token',
];
const taken = [
  '__Host-simplebank-access=',
  '__Secure-simplebank-refresh=',
  '__Secure-simplebank-refresh=',
];
const refused = (code: string) => ({ code, message: 'No.', requestId: expect.any(String) });
const credentials = { email: 'ada@example.com', password: 'a-long-enough-secret' };

test('signing in answers who it is and when to refresh; the tokens go into cookies', async () => {
  next = success('SignInSuccess');
  for (const path of ['/session', '/v1/session']) {
    expect(await send('POST', path, { body: credentials })).toEqual({
      ...{ status: 201, body: { customer, ...times }, cookies: given },
    });
  }
  expect(asked).toEqual([credentials, credentials]);
});

test('signing in is refused with the code of the bank, and changes no cookie', async () => {
  next = refusal('SignInRefusal', 'INVALID_CREDENTIALS');
  expect(await send('POST', '/session', { body: credentials })).toEqual({
    ...{ status: 422, body: refused('INVALID_CREDENTIALS'), cookies: [] },
  });
  const untold = await send('POST', '/session', { body: { email: 'ada@example.com' } });
  expect(untold).toMatchObject({ status: 400, body: { code: 'BAD_INPUT', field: 'password' } });
  expect((await send('POST', '/session')).status).toBe(400);
});

test('refreshing trades the cookie for new ones, whatever has become of the other', async () => {
  next = success('RefreshSuccess');
  const done = await send('POST', '/session/refresh', { cookie: held });
  expect(done).toEqual({ status: 200, body: times, cookies: given });
  expect(asked).toEqual([{ refreshToken: 'old-refresh' }]);
});

test('a refresh cookie alone, as a neighbour plants it, begins no session of theirs', async () => {
  next = success('RefreshSuccess');
  const [, planted = ''] = held.split('; ');
  for (const cookie of [planted, `${held}; __Secure-simplebank-refresh=planted`]) {
    expect(await send('POST', '/session/refresh', { cookie })).toMatchObject({
      ...{ status: 401, body: { code: 'UNAUTHENTICATED' }, cookies: [] },
    });
  }
  expect(asked).toEqual([]);
});

test('a tab that came second is told so and keeps what the first has got', async () => {
  next = refusal('RefreshRefusal', 'TOKEN_JUST_USED');
  expect(await send('POST', '/session/refresh', { cookie: held })).toEqual({
    ...{ status: 409, body: refused('TOKEN_JUST_USED'), cookies: [] },
  });
});

test('a session that is over takes its cookies with it', async () => {
  for (const code of ['TOKEN_EXPIRED', 'TOKEN_REUSED']) {
    next = refusal('RefreshRefusal', code);
    expect(await send('POST', '/session/refresh', { cookie: held })).toEqual({
      ...{ status: 401, body: refused(code), cookies: taken },
    });
  }
  expect((await send('POST', '/session/refresh')).status).toBe(401);
});

test('signing out ends the session before it takes the cookies, and claims no more', async () => {
  next = success('SignOutResult');
  const done = { status: 204, body: null, cookies: taken };
  expect(await send('DELETE', '/session', { cookie: held })).toEqual(done);
  expect(asked).toEqual([{ refreshToken: 'old-refresh' }]);
  expect(await send('DELETE', '/session')).toEqual(done);
  expect(asked).toHaveLength(1);

  next = () => {
    throw new PublicError('DEADLINE_EXCEEDED', 'Too late.');
  };
  const failed = await send('DELETE', '/session', { cookie: held });
  expect(failed).toMatchObject({ status: 503, cookies: [] });
});

test('other methods are told which there are', async () => {
  const allowed = async (method: string, path: string) => {
    const headers = { origin: bank.url, 'x-simplebank-csrf': '1' };
    const response = await fetch(`${bank.url}${path}`, { method, headers });
    return [response.status, response.headers.get('allow')];
  };
  expect(await allowed('GET', '/session')).toEqual([405, 'POST, DELETE, OPTIONS']);
  expect(await allowed('PUT', '/v1/session')).toEqual([405, 'POST, DELETE, OPTIONS']);
  expect(await allowed('GET', '/session/refresh')).toEqual([405, 'POST, OPTIONS']);
});

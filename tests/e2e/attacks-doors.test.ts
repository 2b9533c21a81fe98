import { randomUUID } from 'node:crypto';
import {
  assertionHeader,
  clockSkewSecondsMax,
  createAssertionSigner,
  type Viewer,
} from '@simplebank/chassis/auth';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subgraphs } from '../../tools/generate/units.ts';
import { type Investor, newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

const bankStartsWithinMs = 120_000;

let bank: WholeBank;
let ina: Investor;
beforeAll(async () => {
  bank = await startWholeBank();
  ina = await newInvestor(bank.web, '100.00');
}, bankStartsWithinMs);
afterAll(() => bank?.close());

const operations: Viewer = {
  kind: 'principal',
  customerId: randomUUID(),
  roles: ['operations', 'customer'],
  channel: 'web',
  sessionId: null,
};
const assertionFor = (audience: string, at = new Date()) =>
  createAssertionSigner({
    privateKey: bank.env['ASSERTION_PRIVATE_KEY'] ?? '',
    issuer: 'web',
    clock: createVirtualClock(at),
  }).sign(operations, audience);

type Headers = Readonly<Record<string, string>>;

/** Asks a subgraph directly, and looks whether it has begun to answer. */
async function knock(subgraph: string, headers: Headers) {
  const requestId = randomUUID();
  const response = await fetch(`${bank.urls[subgraph]}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...headers },
    body: JSON.stringify({ query: 'query Knock { __typename _service { sdl } }' }),
  });
  const body = await response.text();
  const lines = (await bank.lines()).filter((line) => line['request_id'] === requestId);
  const ran = lines.some((line) => line['operation_name'] === 'Knock');
  return { status: response.status, body, ran, lines: lines.length };
}

const refused = { status: 401, ran: false, body: expect.stringContaining('UNAUTHENTICATED') };
/** More than clocks may differ and an assertion may last together. */
const farMs = (clockSkewSecondsMax + 120) * 1_000;

test.each([...subgraphs])(
  '%s answers whom a gateway vouches for, and runs for them',
  async (name) => {
    const answer = await knock(name, { [assertionHeader]: await assertionFor(name) });
    expect(answer).toMatchObject({ status: 200, ran: true });
  },
);

test.each([...subgraphs])('%s runs nothing for whom no gateway vouches', async (name) => {
  const { authorization = '' } = ina.door.headers;
  const good = await assertionFor(name);
  const [header, payload] = good.split('.');
  const late = await assertionFor(name, new Date(Date.now() - farMs));
  const early = await assertionFor(name, new Date(Date.now() + farMs));
  const token = authorization.replace('Bearer ', '');
  const knocks: Readonly<Record<string, Headers>> = {
    'without an assertion': {},
    'with a raw user id': { 'x-user-id': operations.customerId, 'x-roles': 'operations' },
    "with a customer's token": { authorization },
    "with a customer's token as the assertion": { [assertionHeader]: token },
    'with the assertion as a token': { authorization: `Bearer ${good}` },
    'with an expired assertion': { [assertionHeader]: late },
    'with one of the future': { [assertionHeader]: early },
    'without its signature': { [assertionHeader]: `${header}.${payload}.` },
    'with another header beside it': { [`${assertionHeader}-x`]: good },
  };
  for (const [how, headers] of Object.entries(knocks)) {
    expect([how, await knock(name, headers)]).toEqual([how, expect.objectContaining(refused)]);
  }
});

test('an assertion for one subgraph opens no other, in every pair', async () => {
  for (const from of subgraphs) {
    const stolen = await assertionFor(from);
    for (const to of subgraphs.filter((name) => name !== from)) {
      const answer = await knock(to, { [assertionHeader]: stolen });
      expect([from, to, answer]).toEqual([from, to, expect.objectContaining(refused)]);
    }
  }
});

test('a header of the caller does not travel to a subgraph, nor into an answer', async () => {
  const forged = await assertionFor('accounts');
  const strange = 'x\tforwarded-for: 6.6.6.6';
  const response = await fetch(bank.web.url, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', [assertionHeader]: forged },
      ...{ 'x-user-id': operations.customerId, 'x-request-id': strange, traceparent: strange },
      ...{ 'x-forwarded-for': strange, forwarded: 'for="_evil";host=evil.test' },
      'x-forwarded-host': 'evil.test',
    },
    body: JSON.stringify({ query: '{ me { id } marketClock { isOpen } }' }),
  });
  const { data } = (await response.json()) as { data: { me: unknown } };
  expect(data.me).toBeNull();
  expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/);
  expect(JSON.stringify([...response.headers])).not.toMatch(/evil|6\.6\.6\.6/);
});

test('a token of one gateway is refused at the others', async () => {
  const { headers } = ina.door;
  const at = async (name: string, given: Headers) => {
    const response = await fetch(`${bank.urls[name]}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...given },
      body: JSON.stringify({ query: '{ me { id } }' }),
    });
    return response.status;
  };
  expect(await at('web', headers)).toBe(200);
  expect(await at('mobile', headers)).toBe(401);
  expect(await at('federation', headers)).toBe(401);
  expect(await at('web', bank.staff.headers)).toBe(401);
});

test('a refresh token is no access token, nor the other way round', async () => {
  const text = `mutation($input: SignInInput!) { signIn(input: $input) {
    ... on SignInSuccess { tokens { accessToken refreshToken } } } }`;
  type Tokens = { readonly accessToken: string; readonly refreshToken: string };
  const answer = await bank.web.ask<{ signIn: { tokens: Tokens } }>(text, {
    input: ina.credentials,
  });
  const { accessToken, refreshToken } = answer.signIn.tokens;
  const page = { origin: new URL(bank.web.url).origin, 'x-simplebank-csrf': '1' };
  const at = async (headers: Headers, query: string) => {
    const response = await fetch(bank.web.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, text: await response.text() };
  };
  const me = '{ me { id } }';
  const cookie = (token: string) => ({ ...page, cookie: `__Host-simplebank-access=${token}` });
  expect((await at(cookie(accessToken), me)).status).toBe(200);
  for (const headers of [{ authorization: `Bearer ${refreshToken}` }, cookie(refreshToken)]) {
    const { status, text: told } = await at(headers, me);
    expect([status, told]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
  }
  const refresh = `mutation { refresh(input: { refreshToken: "${accessToken}" }) { __typename } }`;
  expect((await at({}, refresh)).text).not.toContain('RefreshSuccess');
});

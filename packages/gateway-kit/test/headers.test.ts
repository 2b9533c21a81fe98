import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
afterEach(() => bank.close());

const both = '{ accounts { id holdingsPage { symbol } } }';
const assertionOf = (call: Bank['accounts']['calls'][number] | undefined) =>
  call?.headers['x-simplebank-assertion'];

test('a request id goes to every subgraph, into the log and back to the caller', async () => {
  bank = await openBank();
  const token = await bank.mint.token('c1');
  const query = `query Screen ${both}`;
  const { headers } = await bank.query(query, { token, headers: { 'x-request-id': 'story-1' } });
  expect(headers.get('x-request-id')).toBe('story-1');
  const calls = [...bank.accounts.calls, ...bank.holdings.calls];
  expect(calls.map((call) => call.headers['x-request-id'])).toEqual(['story-1', 'story-1']);
  const lines = bank.lines().filter((line) => line['request_id'] === 'story-1');
  expect(lines).toEqual([
    expect.objectContaining({
      service: 'federation',
      request_id: 'story-1',
      message: 'request answered',
      levelname: 'INFO',
      request_path: '/graphql',
      operation_name: 'Screen',
      request_ip: '127.0.0.1',
      user_id: 'c1',
      response_status: 200,
      timing_total_ms: expect.any(Number),
    }),
  ]);
});

test.each(['a b', 'x'.repeat(200), 'line"break'])('the request id %j is replaced', async (bad) => {
  bank = await openBank();
  const { headers } = await bank.query('{ __typename }', { headers: { 'x-request-id': bad } });
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('an assertion is made once per principal and subgraph, and for it only', async () => {
  bank = await openBank();
  const token = await bank.mint.token('c1');
  await bank.query(both, { token });
  await bank.query(both, { token });
  await bank.query(both, { token: await bank.mint.token('c2') });
  const [first, second, other] = bank.accounts.calls.map(assertionOf);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
  expect(bank.holdings.calls.map(assertionOf)[0]).not.toBe(first);
});

test('what a caller sends as our own headers never reaches a subgraph', async () => {
  bank = await openBank();
  const token = await bank.mint.token('c1');
  await bank.query(both, { token });
  const stolen = String(assertionOf(bank.accounts.calls[0]));
  await bank.query('{ account(id: "a1") { id } }', {
    headers: {
      'x-simplebank-assertion': stolen,
      'x-user-id': 'c1',
      'x-deadline': '999999999',
      cookie: 'session=1',
      'x-forwarded-for': '10.0.0.1',
    },
  });
  const last = bank.accounts.calls.at(-1);
  expect(last?.viewer).toEqual({ kind: 'anonymous', channel: 'federation' });
  expect(assertionOf(last)).not.toBe(stolen);
  const sent = Object.keys(last?.headers ?? {}).sort();
  expect(sent).toEqual([
    'accept',
    'connection',
    'content-length',
    'content-type',
    'host',
    'traceparent',
    'x-deadline',
    'x-request-id',
    'x-simplebank-assertion',
  ]);
  expect(Number(last?.headers['x-deadline'])).toBeLessThanOrEqual(10_000);
});

test('a header that would end the line starts no second header', async () => {
  bank = await openBank();
  const url = new URL(`${bank.url}/ping`);
  const send = () => request(url, { headers: { 'x-request-id': 'a\r\nx-evil: 1' } });
  expect(send).toThrow();
});

test('answers carry security headers, and none that opens them to other pages', async () => {
  bank = await openBank();
  const { headers } = await bank.query('{ __typename }', {
    headers: { origin: 'https://elsewhere.test' },
  });
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cache-control')).toContain('no-store');
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

test('neither tokens nor variables nor queries reach the log', async () => {
  bank = await openBank();
  const token = await bank.mint.token('c1');
  await bank.query('mutation ($e: String!) { signIn(email: $e) }', {
    token,
    variables: { e: 'alice-secret-mail' },
  });
  const text = JSON.stringify(bank.lines());
  expect(text).not.toContain('alice-secret-mail');
  expect(text).not.toContain(token);
});

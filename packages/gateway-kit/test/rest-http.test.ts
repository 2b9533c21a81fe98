import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { holdings } from '../src/rest/contract/holdings.ts';
import type { RestRoute } from '../src/rest/rest.ts';
import { restRoute } from '../src/rest/rest.ts';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

const first = restRoute({
  name: 'accounts',
  title: 'As the graph has it',
  method: 'GET',
  path: '/accounts',
  access: 'anyone',
  operation: '{ accounts { id } }',
  variables: () => ({}),
  success: { status: 200, description: 'As the graph has it.', schema: z.unknown() },
  answer: (data) => ({ status: 200, body: data }),
});
const second: RestRoute = { ...first, version: 2, operation: '{ accounts { name } }' };

let bank: Bank;
let token: string;
beforeAll(async () => {
  bank = await openBank({ routes: [holdings, first, second] });
  token = await bank.mint.token('c1');
});
afterAll(() => bank.close());

const call = (path: string, { headers, ...init }: RequestInit = {}) =>
  fetch(`${bank.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });

test('an unchanged answer is a 304 without a body, for its own tag only', async () => {
  const first = await call('/holdings');
  const etag = first.headers.get('etag') ?? '';
  expect(first.headers.get('cache-control')).toBe('private, no-cache');
  const ask = (tag: string) => call('/holdings', { headers: { 'if-none-match': tag } });
  const same = await ask(`"other", ${etag}`);
  expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
  expect((await ask('"other"')).status).toBe(200);
});

test('HEAD tells what GET would, and OPTIONS which methods there are', async () => {
  const [get, head] = await Promise.all(
    ['GET', 'HEAD'].map((method) => call('/holdings', { method })),
  );
  expect([head?.status, head?.headers.get('etag')]).toEqual([200, get?.headers.get('etag')]);
  expect(await head?.text()).toBe('');
  const options = await call('/holdings', { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
});

test('a second version stands beside the first and changes nothing there', async () => {
  const answers = await Promise.all(
    ['', '/v1', '/v2', '/v3'].map((prefix) => call(`${prefix}/accounts`)),
  );
  const ids = { accounts: [{ id: 'a1' }, { id: 'a2' }] };
  const names = { accounts: [{ name: 'Main' }, { name: 'Spare' }] };
  const told = answers.map(async (one) => (one.status === 200 ? one.json() : one.status));
  expect(await Promise.all(told)).toEqual([ids, ids, names, 404]);
});

test('another method is a 405 that tells the right one', async () => {
  const { status, headers } = await call('/holdings', { method: 'DELETE' });
  expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

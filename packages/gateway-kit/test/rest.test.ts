import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { holdings } from '../src/rest/contract/holdings.ts';
import type { RestRoute } from '../src/rest/rest.ts';
import { amountText, idempotencyKey, idText, refused, restRoute } from '../src/rest/rest.ts';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

type Renamed = {
  readonly rename:
    | { readonly account: { readonly id: string; readonly name: string } }
    | { readonly code: string; readonly message: string };
};

const rename = restRoute({
  method: 'POST',
  path: '/accounts/:accountId/name',
  input: z.object({ accountId: idText, name: z.string(), amount: amountText, idempotencyKey }),
  operation: `mutation RestRename($input: RenameInput!) {
    rename(input: $input) {
      ... on RenameSuccess { account { id name } }
      ... on RenameRefusal { code message }
    }
  }`,
  variables: ({ accountId, name }) => ({ input: { accountId, name } }),
  answer: ({ rename }: Renamed, { amount }) =>
    'account' in rename ? { status: 201, body: { ...rename.account, amount } } : refused(rename),
});

const broken = restRoute({
  method: 'GET',
  path: '/breaks',
  input: z.object({}),
  operation: '{ breaks }',
  variables: () => ({}),
  answer: (data) => ({ status: 200, body: data }),
});

const locked = restRoute({
  method: 'GET',
  path: '/accounts',
  input: z.object({}),
  operation: '{ accounts { id } }',
  variables: () => ({}),
  answer: (data) => ({ status: 200, body: data }),
});

let bank: Bank;
let token: string;
beforeAll(async () => {
  bank = await openBank({ routes: [holdings, rename, broken, locked] });
  token = await bank.mint.token('c1');
});
afterAll(() => bank.close());

const requestId = 'story-rest';

async function call(path: string, init: RequestInit & { token?: string } = {}) {
  const response = await fetch(`${bank.url}${path}`, {
    ...init,
    headers: {
      ...(init.token ? { authorization: `Bearer ${init.token}` } : {}),
      'x-request-id': requestId,
      ...init.headers,
    },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const post = (body: object, headers: Record<string, string> = { 'idempotency-key': 'k1' }) =>
  call('/accounts/7/name', {
    method: 'POST',
    token,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test.each(['', '/v1'])(
  '%s/holdings lists what is held; a value that is missing says so',
  async (prefix) => {
    const { status, body } = await call(`${prefix}/holdings?accountId=a1`, { token });
    expect(body).toEqual([
      {
        accountId: 'a1',
        asset: { id: 'x1', symbol: 'ABC', name: 'Abc Corp' },
        quantity: '2.5',
        price: '10.000000',
        value: '25.00',
        asOf: '2026-01-02T15:00:00.000Z',
      },
      {
        accountId: 'a1',
        asset: { id: 'x1', symbol: 'NEW', name: 'Abc Corp' },
        quantity: '2.5',
        price: null,
        value: null,
        asOf: null,
        degraded: true,
      },
    ]);
    expect(status).toBe(200);
  },
);

test('parameters come from path, body and header; amounts keep their digits', async () => {
  const answers = await Promise.all([
    post({ name: 'Home', amount: '0.100000001' }),
    post({ name: 'Home', amount: 12.5 }),
    post({ name: 'Home', amount: 7, accountId: 'not this one' }),
  ]);
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [201, { id: '7', name: 'Home', amount: '0.100000001' }],
    [201, { id: '7', name: 'Home', amount: '12.5' }],
    [201, { id: '7', name: 'Home', amount: '7' }],
  ]);
});

test.each([
  ['name', { amount: '1' }],
  ['name', { name: 7, amount: '1' }],
  ['amount', { name: 'x' }],
  ['amount', { name: 'x', amount: 0.1234567890123456 }],
  ['amount', { name: 'x', amount: 1e-7 }],
  ['amount', { name: 'x', amount: -1 }],
])('a wrong %s is a 400 that names it', async (field, body) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({
    code: 'BAD_INPUT',
    message: expect.stringContaining(`${field}: `),
    field,
    requestId,
  });
});

test.each([
  ['no', {}],
  ['an overlong', { 'idempotency-key': 'k'.repeat(129) }],
])('%s idempotency key is a 400 that says which header', async (_, headers) => {
  const { status, body } = await post({ name: 'x', amount: '1' }, headers);
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'BAD_INPUT', field: 'idempotencyKey', requestId });
  expect(body.message).toContain('Idempotency-Key');
});

test('what only the subgraph finds wrong is a 400 that names the parameter', async () => {
  const { status, body } = await post({ name: '', amount: '1' });
  const message = 'A name has a letter.';
  expect(body).toEqual({ code: 'BAD_INPUT', message, field: 'name', requestId });
  expect(status).toBe(400);
});

test('a refusal is a 422 with its code', async () => {
  const { status, body } = await post({ name: 'taken', amount: '1' });
  expect(body).toEqual({ code: 'NAME_TAKEN', message: 'The name is taken.', requestId });
  expect(status).toBe(422);
});

test('what is not found is a 404, and what needs a sign-in a 401', async () => {
  const missing = await call('/holdings?accountId=none', { token });
  expect(missing.body).toEqual({
    code: 'NOT_FOUND',
    message: 'There is no such account.',
    requestId,
  });
  expect(missing.status).toBe(404);
  const stranger = await call('/accounts');
  expect(stranger.body).toEqual({ code: 'UNAUTHENTICATED', message: 'Please sign in.', requestId });
  expect(stranger.status).toBe(401);
  const forged = await call('/accounts', { token: 'a.b.c' });
  expect([forged.status, forged.body.code]).toEqual([401, 'UNAUTHENTICATED']);
});

test('our own fault is a 500 with the id of its one record', async () => {
  const before = bank.lines().filter((line) => line['levelname'] === 'ERROR').length;
  const { status, body } = await call('/breaks', { token });
  expect(status).toBe(500);
  expect(body).toEqual({
    code: 'INTERNAL',
    message: 'Something went wrong on our side.',
    errorId: expect.any(String),
    requestId,
  });
  const records = bank
    .lines()
    .filter((line) => line['levelname'] === 'ERROR')
    .slice(before);
  expect(records.map((line) => line['error_id'])).toEqual([body.errorId]);
});

test('another method is a 405 that tells the right one', async () => {
  const { status, headers } = await call('/holdings', { method: 'DELETE', token });
  expect([status, headers.get('allow')]).toEqual([405, 'GET']);
});

test('the line of a REST call bears its operation', async () => {
  await call('/holdings', { token, headers: { 'x-request-id': 'story-line' } });
  const line = bank.lines().find((entry) => entry['request_id'] === 'story-line');
  expect(line).toMatchObject({ request_path: '/holdings', operation_name: 'RestHoldings' });
});

test('a part that is down is a 503 with a time to come back', async () => {
  bank.holdings.mood = 'breaks';
  const { status, headers, body } = await call('/holdings', { token });
  bank.holdings.mood = 'well';
  expect(body).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', requestId });
  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
});

test('a declaration that does not fit the graph stops the start', async () => {
  const wrong: RestRoute = { ...broken, operation: '{ nothing }' };
  await expect(openBank({ routes: [wrong] })).rejects.toThrow(
    'GET /breaks does not fit the graph: Cannot query field "nothing"',
  );
});

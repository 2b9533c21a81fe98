import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { holdings } from '../src/rest/contract/holdings.ts';
import type { RestRoute } from '../src/rest/rest.ts';
import { refused, restRoute } from '../src/rest/rest.ts';
import { amountText, idempotencyKey, idText } from '../src/rest/rest-fields.ts';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

type Renamed = {
  readonly rename:
    | { readonly account: { readonly id: string; readonly name: string } }
    | { readonly code: string; readonly message: string };
};

const success = { status: 200, description: 'As the graph has it.', schema: z.unknown() } as const;

const rename = restRoute({
  name: 'rename',
  title: 'Rename an account',
  method: 'POST',
  path: '/accounts/{accountId}/name',
  access: 'signed-in',
  pathParameters: z.object({ accountId: idText }),
  body: z.object({ name: z.string(), amount: amountText }),
  key: idempotencyKey,
  operation: `mutation RestRename($input: RenameInput!) {
    rename(input: $input) {
      ... on RenameSuccess { account { id name } }
      ... on RenameRefusal { code message }
    }
  }`,
  variables: ({ accountId, name }) => ({ input: { accountId, name } }),
  fieldNames: { label: 'name' },
  success: { ...success, status: 201 },
  errors: [409, 422],
  answer: ({ rename }: Renamed, { input: { amount } }) => {
    if (!('account' in rename)) return refused(rename);
    const { account } = rename;
    return { status: 201, location: `/accounts/${account.id}`, body: { ...account, amount } };
  },
});

const plain = (name: string, operation: string) =>
  restRoute({
    name,
    title: 'As the graph has it',
    method: 'GET',
    path: `/${name}`,
    access: 'anyone',
    operation,
    variables: () => ({}),
    success,
    answer: (data) => ({ status: 200, body: data }),
  });
const broken = plain('breaks', '{ breaks }');
const locked = plain('accounts', '{ accounts { id } }');
const forStaff: RestRoute = { ...plain('staff', '{ crowd { id } }'), access: ['operations'] };
const screen: RestRoute = {
  ...plain('screen', '{ accounts { id holdingsPage { symbol } } }'),
  fallback: '{ holdings { symbol } }',
  answer: (data, { degraded }) => ({ status: 200, body: { data, degraded } }),
};

let bank: Bank;
let token: string;
beforeAll(async () => {
  bank = await openBank({ routes: [holdings, rename, broken, locked, forStaff, screen] });
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
    const { status, body } = await call(`${prefix}/holdings?accountId=1`, { token });
    expect(body).toEqual([
      {
        accountId: 1,
        asset: { id: 'x1', symbol: 'ABC', name: 'Abc Corp' },
        quantity: '2.5',
        price: '10.000000',
        value: '25.00',
        asOf: '2026-01-02T15:00:00.000Z',
      },
      {
        accountId: 1,
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
  const missing = await call('/holdings?accountId=404', { token });
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
  const wrong: RestRoute = { ...broken, fallback: '{ nothing }' };
  await expect(openBank({ routes: [wrong] })).rejects.toThrow(
    'GET /breaks does not fit the graph: Cannot query field "nothing"',
  );
});

test('what is made is at its address, below the version that was asked', async () => {
  const plainly = await post({ name: 'Home', amount: '1' });
  expect(plainly.headers.get('location')).toBe('/accounts/7');
  const versioned = await call('/v1/accounts/7/name', {
    method: 'POST',
    token,
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
    body: JSON.stringify({ name: 'Home', amount: '1' }),
  });
  expect([versioned.status, versioned.headers.get('location')]).toEqual([201, '/v1/accounts/7']);
});

test('a key that was used for another command is a 409', async () => {
  const { status, body } = await post({ name: 'used', amount: '1' });
  expect(body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', requestId });
  expect(status).toBe(409);
});

test.each([
  ['a foreign media type', 415, 'text/xml <name/>'],
  ['malformed JSON', 400, 'application/json {"name": '],
  ['a list instead of an object', 400, 'application/json []'],
  ['a text instead of an object', 400, 'application/json "name"'],
])('%s is a %i with a reason', async (_, expected, sent) => {
  const [type = '', ...body] = sent.split(' ');
  const answer = await call('/accounts/7/name', {
    method: 'POST',
    token,
    headers: { 'idempotency-key': 'k1', 'content-type': type },
    body: body.join(' '),
  });
  expect(answer.status).toBe(expected);
  expect(answer.body).toMatchObject({ code: 'BAD_INPUT', requestId });
});

test('an id is a UUID or a number, and nothing else reaches the graph', async () => {
  const asked = bank.holdings.calls.length;
  const { status, body } = await call("/holdings?accountId=1'--", { token });
  expect([status, body.code, body.field]).toEqual([400, 'BAD_INPUT', 'accountId']);
  expect(bank.holdings.calls).toHaveLength(asked);
});

test('what is for staff is a 403 for customers and a 401 for nobody', async () => {
  const staff = await bank.mint.token('s1', { claims: { roles: ['operations'] } });
  const answers = await Promise.all([
    call('/staff', { token: staff }),
    call('/staff', { token }),
    call('/staff'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 403, 401]);
});

test('a screen whose main part is down says what the others know', async () => {
  const whole = await call('/screen', { token });
  expect(whole.body.degraded).toBe(false);
  bank.accounts.mood = 'breaks';
  const { status, body } = await call('/screen', { token });
  bank.accounts.mood = 'well';
  expect(body).toEqual({
    data: { holdings: [{ symbol: 'ABC' }, { symbol: 'NEW' }] },
    degraded: true,
  });
  expect(status).toBe(200);
});

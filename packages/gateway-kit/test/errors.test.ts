import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
let token: string;
beforeAll(async () => {
  bank = await openBank();
  token = await bank.mint.token('c1');
});
afterAll(() => bank.close());

const requestId = 'story-0001';
const headers = { 'x-request-id': requestId };

const post = async (body: string, contentType = 'application/json') => {
  const response = await fetch(`${bank.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': contentType, ...headers },
    body,
  });
  return { status: response.status, body: await response.json() };
};

test('what a subgraph broke on is masked, with an id that finds it in the log', async () => {
  const { status, body } = await bank.query('{ breaks }', { token, headers });
  expect(body).toEqual({
    data: { breaks: null },
    errors: [
      {
        message: 'Something went wrong on our side.',
        path: ['breaks'],
        extensions: { code: 'INTERNAL', errorId: expect.any(String), requestId },
      },
    ],
  });
  expect(status).toBe(200);
  const records = bank.lines().filter((line) => line['levelname'] === 'ERROR');
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    error_id: body.errors[0].extensions.errorId,
    request_id: requestId,
  });
});

test('an error that the subgraph recorded keeps its id and is not recorded again', async () => {
  const before = bank.lines().filter((line) => line['levelname'] === 'ERROR').length;
  const { body } = await bank.query('{ leaks }', { token, headers });
  expect(body).toEqual({
    data: { leaks: null },
    errors: [
      {
        message: 'Something went wrong on our side.',
        path: ['leaks'],
        extensions: { code: 'INTERNAL', errorId: 'e-1', requestId },
      },
    ],
  });
  expect(bank.lines().filter((line) => line['levelname'] === 'ERROR')).toHaveLength(before);
});

test.each([
  ['FORBIDDEN', '{ forbidden }', 'You may not do this.'],
  ['NOT_FOUND', '{ forbidden: account(id: "none") { id } }', 'There is no such account.'],
])('a public error of a subgraph keeps its code %s', async (code, text, message) => {
  const { body } = await bank.query(text, { token, headers });
  const extensions = { code, requestId };
  expect(body.errors).toEqual([{ message, path: ['forbidden'], extensions }]);
});

test('what a subgraph objects to as a whole names field and variable', async () => {
  bank.accounts.mood = 'objects';
  const { body } = await bank.query('{ account(id: "x") { id } }', { token, headers });
  bank.accounts.mood = 'well';
  expect(body).toEqual({
    data: { account: null },
    errors: [
      {
        message: 'Variable "$id" got invalid value "x"; Expected an id.',
        path: ['account'],
        extensions: { code: 'BAD_INPUT', field: 'id', requestId },
      },
    ],
  });
});

test('malformed JSON is a 400 with a reason', async () => {
  expect(await post('{"query": ')).toEqual({
    status: 400,
    body: {
      errors: [
        {
          message: expect.stringContaining('not valid JSON'),
          extensions: { code: 'BAD_INPUT', requestId },
        },
      ],
    },
  });
});

test.each([
  ['a list of operations', '[{"query":"{ __typename }"}]', undefined],
  ['no query', '{"variables":{}}', 'query'],
  ['a query that is no text', '{"query":{"a":1}}', 'query'],
  ['variables that are no object', '{"query":"{ __typename }","variables":"x"}', 'variables'],
  [
    'an operation name that is no text',
    '{"query":"{ __typename }","operationName":7}',
    'operationName',
  ],
])('%s is a 400 that names the part', async (_, body, field) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([
    {
      message: expect.any(String),
      extensions: { code: 'BAD_INPUT', requestId, ...(field ? { field } : {}) },
    },
  ]);
});

test.each([
  ['an operation that the document lacks', 'query A { __typename } query B { __typename }', 'C'],
  ['no name among several', 'query A { __typename } query B { __typename }', undefined],
])('%s is the fault of the caller, and no error of ours', async (_, query, operationName) => {
  const before = bank.lines().filter((line) => line['levelname'] === 'ERROR').length;
  const { status, body } = await post(JSON.stringify({ query, operationName }));
  const extensions = { code: 'BAD_INPUT', field: 'operationName', requestId };
  expect({ status, body }).toEqual({
    status: 400,
    body: { errors: [{ message: expect.any(String), extensions }] },
  });
  expect(bank.lines().filter((line) => line['levelname'] === 'ERROR')).toHaveLength(before);
});

test('an address that cannot be decoded gets the errors and headers of every other', async () => {
  const response = await fetch(`${bank.url}/%zz`, { headers });
  expect({ status: response.status, body: await response.json() }).toEqual({
    status: 400,
    body: { code: 'BAD_INPUT', message: expect.any(String), requestId },
  });
  expect(response.headers.get('x-request-id')).toBe(requestId);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('a body that is no JSON by its type is a 415, an overlong one a 413', async () => {
  const plain = await post('{"query":"{ __typename }"}', 'text/plain');
  expect([plain.status, plain.body.errors[0].extensions.code]).toEqual([415, 'BAD_INPUT']);
  const long = await post(JSON.stringify({ query: ' '.repeat(300_000) }));
  expect([long.status, long.body.errors[0].extensions.code]).toEqual([413, 'BAD_INPUT']);
});

test('malformed GraphQL is a 400 that says where', async () => {
  const { status, body } = await bank.query('{ accounts { id }', { token, headers });
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    {
      message: expect.stringContaining('Syntax Error'),
      locations: [{ line: 1, column: 18 }],
      extensions: { code: 'GRAPHQL_PARSE_FAILED', requestId },
    },
  ]);
});

test('an unknown field is a 400 that does not suggest what else there is', async () => {
  const { status, body } = await bank.query('{ account(id: "a1") { nane } }', { token, headers });
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    {
      message: 'Cannot query field "nane" on type "Account".',
      locations: [{ line: 1, column: 23 }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId },
    },
  ]);
});

const rename = 'mutation ($input: RenameInput!) { rename(input: $input) { __typename } }';

test.each([
  ['input.age', { input: { accountId: 'a1', name: 'x', age: 'old' } }],
  ['input.name', { input: { accountId: 'a1', name: 7 } }],
  ['input.name', { input: { accountId: 'a1' } }],
  ['input', {}],
])(
  'a wrong variable is a 400 that names %s, and no subgraph is asked',
  async (field, variables) => {
    const calls = bank.accounts.calls.length;
    const { status, body } = await bank.query(rename, { token, headers, variables });
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toEqual({ code: 'BAD_INPUT', field, requestId });
    expect(bank.accounts.calls).toHaveLength(calls);
  },
);

test('a mutation by GET is refused', async () => {
  const query = encodeURIComponent('mutation { signIn(email: "a") }');
  const response = await fetch(`${bank.url}/graphql?query=${query}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect(response.status).toBe(405);
});

// The specification lets programs ask by GET without more; what they lack is a cookie and a page.
test.each([
  ['cookies', { cookie: 'session=1' }],
  ['the mark of another site', { 'sec-fetch-site': 'cross-site' }],
  ['the mark of a neighbouring site', { 'sec-fetch-site': 'same-site' }],
])('a GET with %s, as a foreign page sends it without asking, is refused', async (_, sent) => {
  const query = encodeURIComponent('{ accounts { id } }');
  const get = (more: object) =>
    fetch(`${bank.url}/graphql?query=${query}`, { headers: { ...sent, ...more } });
  const refused = await get({});
  expect(refused.status).toBe(400);
  expect((await refused.json()).errors[0].extensions.code).toBe('BAD_INPUT');
  expect((await get({ 'apollo-require-preflight': '1' })).status).toBe(200);
});

test('what is nowhere is a 404', async () => {
  const response = await fetch(`${bank.url}/admin`, { headers });
  expect(await response.json()).toEqual({
    code: 'NOT_FOUND',
    message: 'There is nothing here.',
    requestId,
  });
  expect(response.status).toBe(404);
});

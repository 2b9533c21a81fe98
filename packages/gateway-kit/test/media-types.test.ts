import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await openBank();
});
afterAll(() => bank.close());

const graphql = 'application/graphql-response+json; charset=utf-8';
const json = 'application/json; charset=utf-8';

async function send(query: string, headers: Record<string, string>, method = 'POST') {
  const response = await fetch(`${bank.url}/graphql`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' ? { body: JSON.stringify({ query }) } : {}),
  });
  return [response.status, response.headers.get('content-type'), await response.text()] as const;
}

test.each([
  ['application/graphql-response+json', graphql, 400],
  ['application/graphql-response+json, application/json;q=0.9', graphql, 400],
  ['application/json, application/graphql-response+json', graphql, 400],
  ['application/json', json, 200],
  ['application/json;q=0.9, application/graphql-response+json;q=0.1', json, 200],
  ['application/json;q=0, */*', json, 400],
  ['APPLICATION/JSON', json, 200],
  ['*/*', json, 400],
  ['text/html, application/*;q=0.8', json, 400],
])('to %s an answer is %s, and a refused text a %d', async (accept, type, refused) => {
  expect((await send('{ __typename }', { accept })).slice(0, 2)).toEqual([200, type]);
  for (const query of ['{', '{ nothingOfThisName }', 'query ($id: ID!) { __typename }']) {
    const [status, sent, body] = await send(query, { accept });
    expect([status, sent], query).toEqual([refused, type]);
    expect(Object.keys(JSON.parse(body)), query).toEqual(['errors']);
  }
});

test.each(['text/html', 'application/json;q=0', 'image/*'])(
  'nobody is sent what %s excludes',
  async (accept) => {
    const [status, , body] = await send('{ crowd { id } }', { accept });
    const calls = bank.accounts.calls.length;
    expect([status, JSON.parse(body).errors[0].extensions.code]).toEqual([406, 'NOT_ACCEPTABLE']);
    expect(bank.accounts.calls).toHaveLength(calls);
  },
);

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  '%s at the graph is a 405 that says what is allowed',
  async (method) => {
    const response = await fetch(`${bank.url}/graphql`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  },
);

test('a mutation by GET is a 405 that allows POST', async () => {
  const response = await fetch(`${bank.url}/graphql?query=mutation{signIn(email:"a")}`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});

test.each([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/json; charset=utf-16', 415],
  ['application/json; charset="UTF-8"', 200],
])('a body of type %s is a %d', async (type, status) => {
  const [got] = await send('{ __typename }', { 'content-type': type });
  expect(got).toBe(status);
});

test('an error keeps the media type that its caller accepts', async () => {
  const accept = 'application/graphql-response+json';
  const headers = { accept, authorization: 'Bearer no.to.ken' };
  expect((await send('{ __typename }', headers)).slice(0, 2)).toEqual([401, graphql]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bank, openBank } from './bank.ts';

const parent = { id: 'a2', name: 'Parent', parent: { id: 'a3', name: 'Grandparent' } };

let bank: Bank;
beforeAll(async () => {
  bank = await openBank({
    root: { account: ({ id }: { id: string }) => ({ id, name: 'Main', parent }) },
  });
});
afterAll(() => bank.close());

const held = [{ symbol: 'ABC' }];
/** What every object would have if one of these answers had been written into its prototype. */
const inherited = () => [...new Set(['polluted', 'symbol', 'id'].map((name) => name in {}))];
const send = async (body: string) => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${bank.url}/graphql`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
};

test('fields may be called what every object has, at every depth, unchanged', async () => {
  const text = `{
    constructor: account(id: "a1") {
      prototype: parent { polluted: name toString: holdingsPage { symbol } }
      __proto__: parent { polluted: name holdingsPage { symbol } }
      hasOwnProperty: id
      valueOf: holdingsPage { symbol }
    }
    __proto__: account(id: "a1") { polluted: name parent { constructor: parent { name } } }
  }`;
  for (const _ of ['planned', 'known']) {
    const { status, text: told } = await send(JSON.stringify({ query: text }));
    expect([status, told]).toEqual([
      200,
      JSON.stringify({
        data: {
          constructor: {
            prototype: { polluted: 'Parent', toString: held },
            ['__proto__']: { polluted: 'Parent', holdingsPage: held },
            hasOwnProperty: 'a1',
            valueOf: held,
          },
          ['__proto__']: {
            polluted: 'Main',
            parent: { constructor: { name: 'Grandparent' } },
          },
        },
      }),
    ]);
    expect(inherited()).toEqual([false]);
  }
});

test('beside a field without the right they are answered, too', async () => {
  const token = await bank.mint.token('c1', { claims: { roles: ['customer'] } });
  const query = '{ mine { __proto__: name constructor: id toString: note } }';
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query });
  const response = await fetch(`${bank.url}/graphql`, { method: 'POST', headers, body });
  const told = '{"mine":[{"__proto__":"Main","constructor":"a1","toString":null}]}';
  expect(await response.text()).toContain(`"data":${told}`);
});

test('variables and ids of such names are the caller’s own or absent, not inherited', async () => {
  const query =
    'query($constructor: ID!) { account(id: $constructor) { id holdingsPage { symbol } } }';
  const given = await send(JSON.stringify({ query, variables: { constructor: 'a1' } }));
  expect(JSON.parse(given.text)).toEqual({ data: { account: { id: 'a1', holdingsPage: held } } });
  const absent = await send(JSON.stringify({ query, variables: {} }));
  expect([absent.status, absent.text]).toEqual([400, expect.stringContaining('BAD_INPUT')]);
  for (const id of ['__proto__', 'constructor', 'toString']) {
    const { text } = await send(JSON.stringify({ id }));
    expect(text).toContain('PERSISTED_OPERATION_NOT_FOUND');
  }
});

test.each([
  '{"query":"{ account(id: \\"a1\\") { id } }","__proto__":{"polluted":1}}',
  '{"query":"{ account(id: \\"a1\\") { id } }","variables":{"__proto__":{"polluted":1}}}',
  '{"query":"{ account(id: \\"a1\\") { id } }","constructor":{"prototype":{"polluted":1}}}',
])('a body that reaches for a prototype is refused: %s', async (body) => {
  const { status, text } = await send(body);
  expect([status, text]).toEqual([400, expect.stringContaining('BAD_INPUT')]);
  expect(inherited()).toEqual([false]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await openBank({
    introspection: true,
    access: { anonymousFields: ['signIn'], roles: ['support', 'operations'] },
  });
});
afterAll(() => bank.close());

const signIn = 'mutation { signIn(email: "a") }';

test('a stranger may sign in and look at the schema, and nothing else', async () => {
  expect((await bank.query(signIn)).body).toEqual({ data: { signIn: 'token of a' } });
  expect((await bank.query('{ __schema { queryType { name } } }')).status).toBe(200);
  const calls = bank.accounts.calls.length;
  const { status, body } = await bank.query('{ account(id: "a1") { id } }');
  expect(status).toBe(401);
  expect(body.errors).toEqual([
    {
      message: 'Please sign in.',
      extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
    },
  ]);
  expect(bank.accounts.calls).toHaveLength(calls);
});

test.each([
  'mutation { signIn(email: "a") rename(input: { accountId: "a1", name: "x" }) { __typename } }',
  `mutation { ...F }
    fragment F on Mutation { signIn(email: "a") ...G }
    fragment G on Mutation { rename(input: { accountId: "a1", name: "x" }) { __typename } }`,
  'mutation { signIn: rename(input: { accountId: "a1", name: "x" }) { __typename } }',
  'mutation { ... { rename(input: { accountId: "a1", name: "x" }) { __typename } } }',
])('a stranger gets nothing more beside a sign-in', async (query) => {
  const { status } = await bank.query(query);
  expect(status).toBe(401);
});

test('staff see the graph, a customer does not', async () => {
  const query = '{ account(id: "a1") { id } }';
  const staff = await bank.mint.token('s1', { claims: { roles: ['operations'] } });
  expect((await bank.query(query, { token: staff })).body).toEqual({
    data: { account: { id: 'a1' } },
  });
  const customer = await bank.mint.token('c1', { claims: { roles: ['customer'] } });
  const { status, body } = await bank.query(query, { token: customer });
  expect([status, body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
});

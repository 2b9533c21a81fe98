import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await openBank({ introspection: true });
});
afterAll(() => bank.close());

const tokenFor = (role: string) => bank.mint.token('c1', { claims: { roles: [role] } });
const refused = (code: string, ...path: (string | number)[]) => ({
  message: code === 'FORBIDDEN' ? 'You may not do this.' : 'Please sign in.',
  path,
  extensions: { code, requestId: expect.any(String) },
});

/** What was asked of accounts while `act` ran. */
async function askedDuring<T>(act: () => Promise<T>) {
  const before = bank.accounts.calls.length;
  const result = await act();
  return { result, calls: bank.accounts.calls.slice(before) };
}

test('a field without the right is null with FORBIDDEN, and no subgraph hears of it', async () => {
  const token = await tokenFor('customer');
  const { result, calls } = await askedDuring(() =>
    bank.query('{ mine { name secret: note id } other: account(id: "a7") { id } }', { token }),
  );
  expect(result.body).toEqual({
    data: { mine: [{ name: 'Main', secret: null, id: 'a1' }], other: { id: 'a7' } },
    errors: [refused('FORBIDDEN', 'mine', 0, 'secret')],
  });
  expect(Object.keys(result.body.data.mine[0])).toEqual(['name', 'secret', 'id']);
  expect(result.status).toBe(200);
  expect(JSON.stringify(calls)).not.toContain('note');
});

test('a field that may not be null takes its object along, and the rest answers', async () => {
  const token = await tokenFor('support');
  const { body } = await bank.query('{ mine { id note rating } account(id: "a7") { name } }', {
    token,
  });
  expect(body).toEqual({
    data: { mine: null, account: { name: 'Main' } },
    errors: [refused('FORBIDDEN', 'mine', 0, 'rating')],
  });
});

test('a type without the right shuts every field that answers it', async () => {
  const token = await tokenFor('customer');
  const { result, calls } = await askedDuring(() => bank.query('{ dossiers { id } }', { token }));
  expect(result.body).toEqual({ data: null, errors: [refused('FORBIDDEN', 'dossiers')] });
  expect(calls).toEqual([]);
  const support = await bank.query('{ dossiers { id } }', { token: await tokenFor('support') });
  expect(support.body).toEqual({ data: { dossiers: [{ id: 'd1' }] } });
});

test('an anonymous viewer reads UNAUTHENTICATED; who asks nothing else runs nothing', async () => {
  const text =
    'query($note: Boolean!) { mine { ...N } } fragment N on Account { note @skip(if: $note) }';
  const { result, calls } = await askedDuring(() =>
    bank.query(text, { variables: { note: true } }),
  );
  expect(result.body).toEqual({
    data: { mine: null },
    errors: [refused('UNAUTHENTICATED', 'mine')],
  });
  expect(calls).toEqual([]);
});

test('fragments, aliases and variables of what is refused leave a valid operation', async () => {
  const text = `query($id: ID!, $yes: Boolean!) {
    ...Top
    a: account(id: $id) { ... on Account { ...Notes } ... { note } }
    left: account(id: $id) { note @skip(if: $yes) id }
  }
  fragment Top on Query { dossiers @include(if: $yes) { id } }
  fragment Notes on Account { b: note }`;
  const token = await tokenFor('customer');
  const variables = { id: 'a7', yes: false };
  expect((await bank.query(text, { token, variables })).body).toEqual({
    data: { a: { b: null, note: null }, left: { note: null, id: 'a7' } },
    errors: [
      refused('FORBIDDEN', 'a', 'b'),
      refused('FORBIDDEN', 'a', 'note'),
      refused('FORBIDDEN', 'left', 'note'),
    ],
  });
  const skipped = { ...variables, yes: true };
  expect((await bank.query(text, { token, variables: skipped })).body).toMatchObject({
    data: null,
  });
});

test('a change without the right refuses the whole operation before anything runs', async () => {
  const rename = 'rename(input: { accountId: "a1", name: "x" }) { __typename }';
  for (const [role, code, status] of [
    ['support', 'FORBIDDEN', 403],
    [null, 'UNAUTHENTICATED', 401],
  ] as const) {
    const token = role ? { token: await tokenFor(role) } : {};
    for (const text of [
      `mutation { ${rename} retire(accountId: "a1") { id } }`,
      `mutation { ${rename} ...R } fragment R on Mutation { gone: retire(accountId: "a1") { id } }`,
    ]) {
      const { result, calls } = await askedDuring(() => bank.query(text, token));
      expect(result.body.data).toBeUndefined();
      expect(result.body.errors).toHaveLength(1);
      expect([result.status, result.body.errors[0].extensions.code]).toEqual([status, code]);
      expect(calls).toEqual([]);
    }
  }
});

test('a change with the right is made, and what of its answer is not theirs is null', async () => {
  const retire = 'mutation { retire(accountId: "a1") { id rating note } }';
  const { body } = await bank.query('mutation { retire(accountId: "a1") { id } }', {
    token: await tokenFor('operations'),
  });
  expect(body).toEqual({ data: { retire: { id: 'a1' } } });
  const rename = `mutation { rename(input: { accountId: "a1", name: "x" }) {
    ... on RenameSuccess { account { id note } } } }`;
  const answered = await bank.query(rename, { token: await tokenFor('customer') });
  expect(answered.body).toEqual({
    data: { rename: { account: { id: 'a1', note: null } } },
    errors: [refused('FORBIDDEN', 'rename', 'account', 'note')],
  });
  expect(retire).toContain('rating');
});

test('any one of several lists is enough', async () => {
  for (const role of ['operations', 'service']) {
    const { body } = await bank.query('{ mine { rating } }', { token: await tokenFor(role) });
    expect(body).toEqual({ data: { mine: [{ rating: 'A' }] } });
  }
});

test('an error of the rest stands beside the refusal', async () => {
  const token = await tokenFor('customer');
  const { body } = await bank.query('{ forbidden mine { note } account(id: "none") { id note } }', {
    token,
  });
  expect(body.data).toEqual({ forbidden: null, mine: [{ note: null }], account: null });
  expect(body.errors.map(({ path }: { path: unknown }) => path)).toEqual(
    expect.arrayContaining([['forbidden'], ['account'], ['mine', 0, 'note']]),
  );
  expect(body.errors).toHaveLength(3);
});

test('an answer that an error empties whole still tells what its root refused', async () => {
  const token = await tokenFor('customer');
  const text = '{ holdings(accountId: "404") { symbol } dossiers { id } mine { note } }';
  const { body } = await bank.query(text, { token });
  expect(body.data).toBeNull();
  expect(body.errors).toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'NOT_FOUND' }) }),
    refused('FORBIDDEN', 'dossiers'),
  ]);
});

test('the schema that callers see says nothing of rights', async () => {
  const { body } = await bank.query('{ __schema { types { name } directives { name } } }');
  const names = [...body.data.__schema.types, ...body.data.__schema.directives].map(
    ({ name }: { name: string }) => name,
  );
  expect(names).toContain('Dossier');
  expect(names.filter((name) => /scopes?$|polic|authenticated/i.test(name))).toEqual([]);
});

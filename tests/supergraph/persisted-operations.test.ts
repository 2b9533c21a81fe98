import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, Kind, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mobile } from '../../gateways/mobile/src/app.ts';
import { web } from '../../gateways/web/src/app.ts';
import { persistedOperations } from '../../tools/generate/persisted.ts';
import { startAlone } from './support/lone-gateway.ts';

const generated = new URL('../../gateways/mobile/src/generated/', import.meta.url);
const jsonAt = async (name: string): Promise<Record<string, string>> =>
  JSON.parse(await readFile(new URL(name, generated), 'utf8'));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simplebank-manifest-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function send(url: string, body: object) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { data, errors } = await response.json();
  return { status: response.status, data, error: errors?.[0] };
}

test('the phone asks by id alone, in the form of either client, by POST and by GET', async () => {
  const url = await startAlone(mobile);
  const { Asset: id = '' } = await jsonAt('operation-ids.json');
  const variables = { id: 'ABC' };
  const extensions = { persistedQuery: { version: 1, sha256Hash: id } };
  const answered = { status: 200, error: { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } } };
  for (const body of [
    { id, variables },
    { id: `sha256:${id}`, variables },
    { extensions, variables },
    { id, query: (await jsonAt('persisted-operations.json'))[id], variables },
  ]) {
    expect(await send(url, body), JSON.stringify(body)).toMatchObject(answered);
  }
  const asked = new URLSearchParams({ id, variables: JSON.stringify(variables) });
  const got = await fetch(`${url}/graphql?${asked}`);
  expect([got.status, (await got.json()).data]).toEqual([200, { asset: null }]);
});

test('a text is refused on the phone, with an id or without, and never learnt', async () => {
  const url = await startAlone(mobile);
  const query = '{ marketClock { isOpen } }';
  const id = sha256(query);
  const only = { code: 'PERSISTED_OPERATIONS_ONLY', field: 'query' };
  const apollo = { persistedQuery: { version: 1, sha256Hash: id } };
  for (const body of [{ query }, { query, id }, { query, extensions: apollo }]) {
    const { status, data, error } = await send(url, body);
    expect([status, data, error.extensions]).toMatchObject([403, undefined, only]);
  }
  const again = await send(url, { id });
  expect([again.status, again.error]).toMatchObject([
    404,
    {
      message: `No operation is persisted under the id ${id}.`,
      extensions: { code: 'PERSISTED_OPERATION_NOT_FOUND', field: 'id' },
    },
  ]);
  expect((await fetch(`${url}/graphql?query={__typename}`)).status).toBe(403);
});

test('an id that names another text than the one beside it is refused', async () => {
  const url = await startAlone(web);
  const { status, error } = await send(url, { query: '{ __typename }', id: sha256('other') });
  expect([status, error.extensions]).toMatchObject([400, { code: 'BAD_INPUT', field: 'id' }]);
});

test.each([
  ['an unknown id', { id: '0'.repeat(64) }, 404],
  ['an id that is no hash', { id: '../../etc/passwd' }, 404],
  ['a hash of an unknown version', { extensions: { persistedQuery: { version: 2 } } }, 400],
  ['a list of ids', [{ id: '0'.repeat(64) }], 400],
])('%s is refused in typed words that say no more than a hash back', async (_, body, status) => {
  const url = await startAlone(mobile);
  const answer = await send(url, body);
  expect(answer.status).toBe(status);
  expect(answer.data).toBeUndefined();
  expect(answer.error.message).not.toContain('passwd');
});

test('an application of an earlier release goes on with its own operations', async () => {
  const text = 'query Clock { marketClock { isOpen } }';
  const file = join(folder, 'released.json');
  await writeFile(file, JSON.stringify({ [sha256(text)]: text }));
  const url = await startAlone(mobile, { PERSISTED_MANIFESTS: file });
  const { Home: home } = await jsonAt('operation-ids.json');
  expect((await send(url, { id: sha256(text) })).error.path).toEqual(['marketClock']);
  expect((await send(url, { id: home })).error.extensions.code).not.toContain('PERSISTED');
});

test('a manifest whose id is not the hash of its text stops the start', async () => {
  const file = join(folder, 'forged.json');
  await writeFile(file, JSON.stringify({ [sha256('a')]: '{ __typename }' }));
  await expect(startAlone(mobile, { PERSISTED_MANIFESTS: file })).rejects.toThrow(
    `${file}: the id ${sha256('a')} is not the SHA-256 of its text`,
  );
});

test('texts on the phone cannot be switched on in production', () => {
  const urls = ['ACCOUNTS', 'ORDERS', 'HOLDINGS', 'ASSETS', 'STRATEGIES', 'NOTIFICATIONS'];
  const env = Object.fromEntries(urls.map((name) => [`${name}_URL`, 'http://127.0.0.1:1']));
  const on = { ...env, ASSERTION_PRIVATE_KEY: '{}', MOBILE_ADHOC_OPERATIONS: 'on' };
  expect(mobile.loadConfig(on)).toMatchObject({ MOBILE_ADHOC_OPERATIONS: 'on' });
  for (const production of [{ NODE_ENV: 'production' }, { ENVIRONMENT: 'production' }]) {
    expect(() => mobile.loadConfig({ ...on, ...production })).toThrow('MOBILE_ADHOC_OPERATIONS');
  }
});

test('the manifest holds each operation with its fragments, under its hash', async () => {
  const manifest = await jsonAt('persisted-operations.json');
  const ids = await jsonAt('operation-ids.json');
  expect(Object.values(ids).sort()).toEqual(Object.keys(manifest).sort());
  for (const [id, text] of Object.entries(manifest)) {
    expect(id).toBe(sha256(text));
    const kinds = parse(text).definitions.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === Kind.OPERATION_DEFINITION)).toHaveLength(1);
  }
});

test('each screen of the phone costs a hundredth of what an operation may', async () => {
  const url = await startAlone(mobile, { GRAPHQL_COST_MAX: '200' });
  const ids = Object.entries(await jsonAt('operation-ids.json'));
  const answers = await Promise.all(ids.map(([, id]) => send(url, { id })));
  const dear = ids.filter((_, n) => answers[n]?.error?.extensions.code === 'COST_EXCEEDED');
  expect(dear.map(([name]) => name)).toEqual([]);
});

test('an operation that does not fit the contract fails its generation', () => {
  const schema = buildSchema('type Query { a: Int }');
  expect(() => persistedOperations(parse('query Q { b }'), schema)).toThrow(
    'Cannot query field "b"',
  );
  expect(() => persistedOperations(parse('{ a }'), schema)).toThrow('needs a name');
  const [made] = persistedOperations(parse('query Q { ...A } fragment A on Query { a }'), schema);
  expect(made).toEqual({
    name: 'Q',
    id: sha256(made?.text ?? ''),
    text: 'query Q {\n  ...A\n}\n\nfragment A on Query {\n  a\n}',
  });
});

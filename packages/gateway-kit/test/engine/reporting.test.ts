import fastify from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../../src/request/steps.ts';
import { library } from './library.ts';
import { type Opened, openEngine } from './open-engine.ts';

type Asking = Parameters<Opened['ask']>[1];
type Report = { readonly path: string; readonly key: unknown; readonly bytes: number };

let plain: Opened;
let reporting: Opened;
const reports: Report[] = [];
const listening = fastify();
beforeAll(async () => {
  listening.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  listening.post('/*', async ({ url, headers, body }) => {
    reports.push({ path: url, key: headers['x-api-key'], bytes: (body as Buffer).length });
    return {};
  });
  const endpointUrl = await listening.listen({ host: '127.0.0.1', port: 0 });
  plain = await openEngine(library);
  reporting = await openEngine(library, {
    reporting: { key: 'service:bank:key', graphRef: 'bank@test', endpointUrl },
  });
}, 30_000);
afterAll(async () => {
  await plain.close();
  await listening.close();
});
beforeEach(() => {
  for (const stub of stubs()) Object.assign(stub, { mood: 'well', cacheControl: null });
});

const stubs = () => [plain, reporting].flatMap((opened) => Object.values(opened.stubs));

/** What masks an error is drawn by lot for each. */
const comparable = ({ errors, ...outcome }: Outcome) => ({
  ...outcome,
  ...(errors && {
    errors: errors.map(({ extensions, locations: _, ...error }) => ({
      ...error,
      extensions: { ...extensions, errorId: typeof extensions?.['errorId'] },
    })),
  }),
});
const askBoth = async (text: string, asking?: Asking) =>
  Promise.all([plain, reporting].map(async ({ ask }) => comparable(await ask(text, asking))));

const long = 'Name'.repeat(30);
test.each<[string, string, Asking?]>([
  ['a query', 'query Books { books { id title author { name } } people }'],
  [
    'a query by variables',
    'query($id: ID!) { book(id: $id) { pages } }',
    { variables: { id: 'b1' } },
  ],
  ['one of several operations', 'query A { people } query B { reviews }', { operationName: 'B' }],
  ['an operation of a long name', `query ${long} { people }`],
  ['a change', 'mutation { rename(id: "b1") { title } }'],
  ['a question to the schema', '{ __schema { queryType { name } } }'],
  ['an error of a subgraph', '{ books { id stars } }'],
  ['a null where there may be none', '{ books { author { name } } }'],
  [
    'a variable that is wrong',
    'query($id: ID!) { book(id: $id) { id } }',
    { variables: { id: {} } },
  ],
  ['a variable that is missing', 'query($id: ID!) { book(id: $id) { id } }'],
])('%s is answered the same whether usage is reported or not', async (_, text, asking) => {
  const [expected, answered] = await askBoth(text, asking);
  expect(answered).toEqual(expected);
});

test.each([
  ['max-age=60, public', 'max-age=30, public', { maxAgeSeconds: 30, scope: 'PUBLIC' }],
  ['max-age=60, public', 'max-age=30, private', { maxAgeSeconds: 30, scope: 'PRIVATE' }],
  ['max-age=60, private', null, { maxAgeSeconds: 0, scope: 'PRIVATE' }],
])(
  'where usage is reported an answer is kept as its subgraphs allow: %s, %s',
  async (one, two, hint) => {
    for (const { catalog, reviews } of [plain.stubs, reporting.stubs]) {
      if (!catalog || !reviews) throw new Error('the library is not whole');
      catalog.cacheControl = one;
      reviews.cacheControl = two;
    }
    const [expected, answered] = await askBoth('{ books { title minutes } }');
    expect([expected?.cacheHint, answered?.cacheHint]).toEqual([hint, hint]);
  },
);

test('where usage is reported a subgraph that is down costs its own fields alone', async () => {
  for (const stub of stubs()) if (stub.name === 'reviews') stub.mood = 'breaks';
  const [expected, answered] = await askBoth('{ books { title minutes } reviews }');
  expect(answered).toEqual(expected);
});

test('usage is reported with the key, and no later than at the end', async () => {
  await reporting.close();
  expect(reports.length).toBeGreaterThan(0);
  for (const { path, key, bytes } of reports) {
    expect([path, key]).toEqual(['/api/ingress/traces', 'service:bank:key']);
    expect(bytes).toBeGreaterThan(0);
  }
});

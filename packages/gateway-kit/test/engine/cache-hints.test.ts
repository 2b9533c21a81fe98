import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { openEngine } from './open-engine.ts';

let opened: Opened;
beforeAll(async () => {
  opened = await openEngine(library, { showsPlans: true });
});
afterAll(() => opened.close());
beforeEach(() => says({ catalog: null, people: null, reviews: null }));

function says(headers: Readonly<Record<string, string | null>>): void {
  for (const [name, header] of Object.entries(headers)) {
    const stub = opened.stubs[name];
    if (stub) stub.cacheControl = header;
  }
}
const hintOf = async (query: string) => (await opened.ask(query)).cacheHint;
const none = { maxAgeSeconds: 0, scope: 'PRIVATE' };

test.each([
  ['max-age=60, public', { maxAgeSeconds: 60, scope: 'PUBLIC' }],
  ['max-age=60, private', { maxAgeSeconds: 60, scope: 'PRIVATE' }],
  ['max-age=60', { maxAgeSeconds: 60, scope: 'PRIVATE' }],
  ['public', none],
  ['max-age=0, public', none],
  ['max-age=60, public, no-store', none],
  ['max-age=soon, public', none],
  [null, none],
])('an answer whose subgraph says %s may be kept as it says', async (header, hint) => {
  says({ catalog: header });
  expect(await hintOf('{ books { title } }')).toEqual(hint);
});

test('an answer of several subgraphs is kept as the strictest of them allows', async () => {
  const query = '{ books { id minutes } people }';
  says({ catalog: 'max-age=60, public', people: 'max-age=50, public' });
  expect(await hintOf(query)).toEqual(none);
  says({ reviews: 'max-age=30, private' });
  expect(await hintOf(query)).toEqual({ maxAgeSeconds: 30, scope: 'PRIVATE' });
  says({ reviews: 'max-age=40, public' });
  expect(await hintOf(query)).toEqual({ maxAgeSeconds: 40, scope: 'PUBLIC' });
});

test.each([
  ['an answer with an error', '{ books { stars } }'],
  ['a change', 'mutation { rename(id: "b1") { title } }'],
  ['the schema', '{ __schema { queryType { name } } }'],
])('%s is never kept', async (_, query) => {
  const header = 'max-age=60, public';
  says({ catalog: header, people: header, reviews: header });
  expect(await hintOf(query)).toEqual(none);
});

test('an answer that lacks a subgraph is never kept', async () => {
  says({ catalog: 'max-age=60, public', reviews: 'max-age=60, public' });
  const reviews = opened.stubs['reviews'];
  if (!reviews) throw new Error('no reviews');
  reviews.mood = 'breaks';
  const outcome = await opened.ask('{ books { id minutes } }');
  reviews.mood = 'well';
  expect([outcome.cacheHint, outcome.errors?.length]).toEqual([none, 5]);
});

test('who asks for the plan is shown it beside the answer, and nobody else', async () => {
  const query = '{ books { id minutes } }';
  const { data, extensions } = await opened.ask(query, { wantsPlan: true });
  expect(extensions).toEqual({
    __queryPlanExperimental: expect.stringMatching(/Fetch\(service: "CATALOG"\)/i),
  });
  const plain = await opened.ask(query);
  expect([plain.data, plain.extensions]).toEqual([data, undefined]);
});

test('a gateway that shows no plans shows none to whoever asks', async () => {
  const closed = await openEngine(library);
  const { extensions } = await closed.ask('{ books { id minutes } }', { wantsPlan: true });
  await closed.close();
  expect(extensions).toBeUndefined();
});

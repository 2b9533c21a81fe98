import { afterEach, expect, test } from 'vitest';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { openEngine } from './open-engine.ts';

let opened: Opened;
afterEach(() => opened.close());

const idsSent = () =>
  opened.stubs['reviews']?.calls.map(({ variables }) =>
    (variables['representations'] as { id: string }[]).map(({ id }) => id),
  );

test('an entity that stands at several places is asked for once and answered at each', async () => {
  opened = await openEngine(library);
  const { data, errors } = await opened.ask('{ books { id minutes quotes { text } } }');
  expect(idsSent()).toEqual([['b1', 'b2', 'b3']]);
  expect(errors).toBeUndefined();
  const book = (id: string, minutes: number) => ({
    id,
    minutes,
    quotes: [{ text: `Of ${id}` }, null],
  });
  expect(data).toEqual({
    books: [book('b1', 200), book('b2', 400), book('b1', 200), book('b3', 600), book('b3', 600)],
  });
});

test('what a field requires is part of what makes two entities equal', async () => {
  const pages = [100, 150, 100];
  const { catalog, people, reviews } = library;
  if (!catalog || !people || !reviews) throw new Error('the library is not whole');
  const books = () => pages.map((count) => ({ id: 'b1', pages: count }));
  opened = await openEngine({ catalog: { ...catalog, root: { books } }, people, reviews });
  const { data } = await opened.ask('{ books { minutes } }');
  expect(idsSent()).toEqual([['b1', 'b1']]);
  expect(data).toEqual({ books: [{ minutes: 200 }, { minutes: 300 }, { minutes: 200 }] });
});

test('an error of an entity is told at every place where it stands', async () => {
  opened = await openEngine(library);
  const { data, errors } = await opened.ask('{ books { id stars } }');
  expect(idsSent()).toEqual([['b1', 'b2', 'b3']]);
  expect(data).toEqual({
    books: [
      { id: 'b1', stars: 5 },
      { id: 'b2', stars: 5 },
      { id: 'b1', stars: 5 },
      { id: 'b3', stars: null },
      { id: 'b3', stars: null },
    ],
  });
  expect(errors?.map(({ path }) => path)).toEqual([
    ['books', 3, 'stars'],
    ['books', 4, 'stars'],
  ]);
});

test('an error in a list of several types is told at the entity that has it', async () => {
  const { catalog, people, reviews } = library;
  if (!catalog || !people || !reviews) throw new Error('the library is not whole');
  const shelf = [
    { __typename: 'Book', id: 'b1', title: 'One' },
    { __typename: 'Author', id: 'a1' },
    { __typename: 'Author', id: 'a2' },
  ];
  opened = await openEngine({ people, reviews, catalog: { ...catalog, root: { shelf } } });
  const text = '{ shelf { ... on Book { title } ... on Author { name } } }';
  await opened.ask(text);
  const { data, errors } = await opened.ask(text);
  expect(data).toEqual({ shelf: [{ title: 'One' }, { name: 'Author a1' }, null] });
  expect(errors?.map(({ path }) => path)).toEqual([['shelf', 2, 'name']]);
});

test('an entity that an answer lacks leaves nobody with the answer of another', async () => {
  const { reviews, ...others } = library;
  if (!reviews) throw new Error('the library is not whole');
  const short = { ...reviews.root, _entities: () => [{ __typename: 'Book', id: 'b1', stars: 5 }] };
  opened = await openEngine({ ...others, reviews: { ...reviews, root: short } });
  const { data, errors } = await opened.ask('{ books { stars } }');
  expect(data).toEqual({ books: Array.from({ length: 5 }, () => ({ stars: null })) });
  expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INTERNAL']);
});

test('the fixed part of a request is written once, each call names its operation', async () => {
  opened = await openEngine(library);
  const text = 'query Shelf($id: ID!) { book(id: $id) { title } }';
  for (const id of ['b1', 'b"2\n', 'b3']) await opened.ask(text, { variables: { id } });
  expect(opened.stubs['catalog']?.calls.map(({ query, variables }) => [query, variables])).toEqual(
    ['b1', 'b"2\n', 'b3'].map((id) => [expect.stringMatching(/^query Shelf__catalog__0/), { id }]),
  );
});

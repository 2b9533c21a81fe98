import type { Part } from './open-engine.ts';

/** Two books by one author, one of whom is twice in every list; a review breaks on demand. */
const books = [
  { id: 'b1', title: 'One', author: { id: 'a1' }, pages: 100 },
  { id: 'b2', title: 'Two', author: { id: 'a1' }, pages: 200 },
  { id: 'b1', title: 'One', author: { id: 'a1' }, pages: 100 },
  { id: 'b3', title: 'Bad', author: { id: 'a2' }, pages: 300 },
  { id: 'b3', title: 'Bad', author: { id: 'a2' }, pages: 300 },
];

/** Its author is known to nobody, although an author has a name. */
const lost = { id: 'b4', title: 'Lost', author: { id: 'a3' }, pages: 400 };
/** None of them fails: stock tells an error in a list of several types at another's place. */
const shelf = [
  { __typename: 'Book', ...books[0] },
  { __typename: 'Author', id: 'a1' },
  null,
  { __typename: 'Book', ...lost },
  { __typename: 'Author', id: 'a1' },
];

type Keyed = { readonly __typename: string; readonly id: string; readonly pages?: number };
type Entities = { readonly representations: readonly Keyed[] };

export const library: Readonly<Record<string, Part>> = {
  catalog: {
    sdl: `
      type Query { books: [Book!]! book(id: ID!): Book shelf: [Item] things: [Thing] }
      union Item = Book | Author
      interface Thing { id: ID! }
      type Mutation { rename(id: ID!): Book }
      type Book implements Thing @key(fields: "id") {
        id: ID! title: String author: Author pages: Int
      }
      type Author implements Thing @key(fields: "id") { id: ID! }`,
    root: {
      books: () => books,
      shelf,
      things: shelf,
      book: ({ id }: { id: string }) => [...books, lost].find((book) => book.id === id),
      rename: ({ id }: { id: string }) => books.find((book) => book.id === id),
      _entities: ({ representations }: Entities) =>
        representations.map((one) => ({
          ...[...books, lost].find(({ id }) => id === one.id),
          ...one,
        })),
    },
  },
  people: {
    sdl: `
      type Query { people: Int }
      type Author @key(fields: "id") { id: ID! name: String! home: Home }
      type Home { city: String streets: [String!] }`,
    root: {
      people: 2,
      _entities: ({ representations }: Entities) =>
        representations.map(({ __typename, id }) =>
          id === 'a3'
            ? null
            : {
                __typename,
                id,
                name: () => (id === 'a2' ? fail('no name') : `Author ${id}`),
                home: { city: `City ${id}`, streets: ['North', 'South'] },
              },
        ),
    },
  },
  reviews: {
    sdl: `
      type Query { reviews: Int }
      type Book @key(fields: "id") {
        id: ID!
        pages: Int @external
        stars: Int
        minutes: Int @requires(fields: "pages")
        quotes: [Quote]
      }
      type Quote { text: String by: Author }
      type Author @key(fields: "id", resolvable: false) { id: ID! }`,
    root: {
      reviews: 3,
      _entities: ({ representations }: Entities) =>
        representations.map(({ __typename, id, pages = 0 }) => ({
          __typename,
          id,
          minutes: 2 * pages,
          stars: () => (id === 'b3' ? fail('no stars') : 5),
          quotes: [{ text: `Of ${id}`, by: { id: 'a1' } }, null],
        })),
    },
  },
};

function fail(message: string): never {
  throw new Error(message);
}

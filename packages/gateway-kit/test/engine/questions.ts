import fc from 'fast-check';

/** The library's fields by type; what is behind one, for those that have fields of their own. */
const fields: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  Book: {
    id: null,
    title: null,
    pages: null,
    stars: null,
    minutes: null,
    __typename: null,
    author: 'Author',
    quotes: 'Quote',
  },
  Author: { id: null, name: null, home: 'Home', __typename: null },
  Home: { city: null, streets: null },
  Quote: { text: null, by: 'Author' },
};
/** Far fewer than the gateway allows in one question. */
const conditionsMax = 20;
const condition = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(' @include(if: $yes)', ' @skip(if: $yes)', ' @include(if: $no)'),
  },
);
const depthMax = 4;

/** Fields under their own names and others, alone, in fragments, and under conditions. */
function selection(type: string, depth: number): fc.Arbitrary<string> {
  const names = Object.entries(fields[type] ?? {}).filter(
    ([, behind]) => behind === null || depth < depthMax,
  );
  const one = fc
    .tuple(fc.constantFrom(...names), fc.boolean(), condition)
    .chain(([[name, behind], renamed, when]) => {
      const asked = `${renamed ? `${name.replace('__', '')}Again: ` : ''}${name}${when}`;
      return behind === null
        ? fc.constant(asked)
        : selection(behind, depth + 1).map((inner) => `${asked} ${inner}`);
    });
  const fragment = fc
    .tuple(condition, fc.array(one, { minLength: 1, maxLength: 2 }))
    .map(([when, inner]) => `... on ${type}${when} { ${inner.join(' ')} }`);
  const weighted = fc.oneof({ weight: 5, arbitrary: one }, { weight: 1, arbitrary: fragment });
  return fc
    .array(weighted, { minLength: 1, maxLength: 3 })
    .map((parts) => `{ ${parts.join(' ')} }`);
}

/** A list of books and authors; what both are asked for bears one name. */
const mixed = (name: string, book: string, author: string) =>
  `${name} kind: __typename ... on Book ${book} ... on Author ${author} }`;

const root = fc.oneof(
  selection('Book', 1).map((inner) => `books ${inner}`),
  fc
    .tuple(fc.constantFrom('b1', 'b3', 'b4', 'none'), selection('Book', 1))
    .map(([id, inner]) => `book(id: "${id}") ${inner}`),
  fc
    .tuple(fc.constantFrom('shelf {', 'things { id'), selection('Book', 2))
    .chain(([name, book]) => selection('Author', 2).map((author) => mixed(name, book, author))),
  fc.constantFrom('people', 'reviews'),
);

export type Question = { readonly text: string; readonly variables: Record<string, boolean> };

/** Random questions to the library, every one of them valid. */
export const questions: fc.Arbitrary<Question> = fc
  .array(root, { minLength: 1, maxLength: 2 })
  .filter((roots) => roots.join(' ').split('(if:').length <= conditionsMax)
  .map((roots) => {
    const body = roots.map((one, n) => `r${n}: ${one}`).join(' ');
    const used = ['yes', 'no'].filter((name) => body.includes(`$${name}`));
    const declared = used.map((name) => `$${name}: Boolean!`).join(' ');
    return {
      text: `query Random${declared && `(${declared})`} { ${body} }`,
      variables: Object.fromEntries(used.map((name) => [name, name === 'yes'])),
    };
  });

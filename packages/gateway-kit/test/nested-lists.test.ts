import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { noListInItself } from '../src/operations/nested-lists.ts';

const schema = buildSchema(`
  type Query { accounts: [Account!]! }
  type Account { id: ID! orders: [Order]! page: Page! }
  type Order { id: ID! account: Account }
  type Page { edges: [Edge!]! }
  type Edge { node: Order! }
`);
const refusals = (text: string) =>
  validate(schema, parse(text), [noListInItself]).map(({ message }) => message);

test.each([
  ['plainly', '{ accounts { orders { account { orders { id } } } } }', 'Account.orders'],
  [
    'through fragments',
    '{ accounts { ...A } } fragment A on Account { orders { account { ...B } } } ' +
      'fragment B on Account { ... { orders { id } } }',
    'Account.orders',
  ],
  [
    'through pages',
    '{ accounts { page { edges { node { account { page { edges { node { id } } } } } } } } }',
    'Page.edges',
  ],
])('a list inside itself multiplies, and is refused %s', (_, text, list) => {
  expect(refusals(text)).toEqual([`The list ${list} may not be asked for inside itself.`]);
});

test('lists beside and within others are answered', () => {
  const both = 'orders { account { id } } page { edges { node { id } } }';
  expect(refusals(`{ accounts { ${both} } again: accounts { ${both} } }`)).toEqual([]);
});

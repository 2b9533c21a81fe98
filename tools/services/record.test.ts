import { expect, test } from 'vitest';
import { entitiesIn } from './entities.ts';
import { type Entry, record } from './record.ts';
import { recordProblems } from './record-page.ts';

const served = new Map(
  record.filter(({ isInner }) => !isInner).map(({ entity, owner }) => [entity, [owner]]),
);

test('an entity of the supergraph without an owner is found', () => {
  expect(recordProblems(new Map([...served, ['Card', ['accounts']]]))).toEqual([
    'Card has no owner',
  ]);
});

test('an entity with two owners is found', () => {
  const twice: Entry = { entity: 'Order', owner: 'orders', copies: [] };
  expect(recordProblems(served, [...record, twice])).toEqual(['Order has 2 owners']);
});

test('an owner that does not serve its entity, and a copy that hears nothing, are found', () => {
  const copies = [
    { holder: 'market', what: 'x', events: ['orders.order-filled.v1'], ageBound: '' },
  ];
  const wrong: readonly Entry[] = [{ entity: 'Card', owner: 'market', copies }];
  expect(recordProblems(new Map([['Card', ['accounts']]]), wrong)).toEqual([
    'market does not serve Card',
    'market keeps a copy of Card but does not hear orders.order-filled.v1',
  ]);
});

test('a stub that only passes on an id serves no entity', () => {
  const schema = `type Asset @key(fields: "id", resolvable: false) { id: ID! }
    type Order @key(fields: "id") { id: ID! } extend type Account @key(fields: "id") { id: ID! }`;
  expect(entitiesIn(schema)).toEqual(['Order', 'Account']);
});

import { expect, test } from 'vitest';
import { countAsked, numberPlace, pageAsked, toConnection } from './connections.ts';
import { PublicError } from './errors.ts';

const rows = [1n, 2n, 3n].map((number) => ({ number }));
const placeOf = ({ number }: { number: bigint }) => [String(number)];
const cursor = (text: string) => Buffer.from(text).toString('base64url');

test('a page has its nodes twice, each edge with its cursor, and says what follows', () => {
  const [one, two] = rows;
  expect(toConnection(rows, { first: 2, placeOf })).toEqual({
    edges: [
      { cursor: cursor('["1"]'), node: one },
      { cursor: cursor('["2"]'), node: two },
    ],
    nodes: [one, two],
    pageInfo: { hasNextPage: true, endCursor: cursor('["2"]') },
  });
  const { pageInfo } = toConnection(rows, { first: 3, placeOf });
  expect(pageInfo).toEqual({ hasNextPage: false, endCursor: cursor('["3"]') });
});

test('an empty list has one page, without a cursor', () => {
  expect(toConnection([], { first: 1, placeOf })).toEqual({
    edges: [],
    nodes: [],
    pageInfo: { hasNextPage: false, endCursor: null },
  });
});

test('the cursor of an edge asks for what follows it', () => {
  const { edges } = toConnection(rows, { first: 3, placeOf });
  for (const { cursor: after, node } of edges) {
    expect(pageAsked({ after }, numberPlace)).toEqual({ first: 20, after: node.number });
  }
  expect(pageAsked({}, numberPlace)).toEqual({ first: 20, after: null });
  expect(pageAsked({ first: null, after: null }, numberPlace)).toEqual({ first: 20, after: null });
});

function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof PublicError ? [error.message, error.extensions] : error;
  }
}

test.each([0, -1, 51])('a page of %i is refused by name', (first) => {
  const refused = ['Expected 1 to 50.', { code: 'BAD_INPUT', field: 'first' }];
  expect(refusal(() => pageAsked({ first }, numberPlace, 50))).toEqual(refused);
  expect(refusal(() => countAsked(first, { max: 50 }))).toEqual(refused);
});

test.each([
  ['empty text', ''],
  ['no base64', 'what?'],
  ['no JSON', cursor('n12')],
  ['no list', cursor('{"0":"12"}')],
  ['the place of another list', cursor('["AAPL"]')],
  ['a number beyond all', cursor(`["${'9'.repeat(19)}"]`)],
  ['too long a text', cursor(JSON.stringify(['1', 'x'.repeat(200)]))],
])('a cursor that is %s is refused by name', (_, after) => {
  expect(refusal(() => pageAsked({ after }, numberPlace))).toEqual([
    'Expected a cursor of an earlier page.',
    { code: 'BAD_INPUT', field: 'after' },
  ]);
});

test('a cursor with a character that the database refuses is refused before it', () => {
  const read = ([symbol]: readonly unknown[]) => symbol ?? null;
  const after = cursor(JSON.stringify(['A\0']));
  expect(refusal(() => pageAsked({ after }, read))).toEqual([
    'Expected a cursor of an earlier page.',
    { code: 'BAD_INPUT', field: 'after' },
  ]);
});

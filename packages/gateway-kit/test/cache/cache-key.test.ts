import { buildSchema, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { identityOf, questionKey } from '../../src/cache/cache-key.ts';
import type { Operation } from '../../src/request/steps.ts';

const graph = (fields: string) => buildSchema(`type Query { ${fields} }`);
const first = graph('word(of: String, in: In): String number: Int } input In { a: Int b: Int');
const text = 'query A($x: String, $in: In) { word(of: $x, in: $in) } query B { number }';

function key(variables: Readonly<Record<string, unknown>>, { name = 'A', schema = first } = {}) {
  const document = parse(text);
  const definition = document.definitions.find(
    (one) => one.kind === Kind.OPERATION_DEFINITION && one.name?.value === name,
  );
  const operation = { text, document, definition, schema, name } as unknown as Operation;
  return questionKey({ contract: 'web', operation, variables });
}

test.each<[string, object, object]>([
  ['the order of keys', { x: 'a', in: { a: 1, b: 2 } }, { in: { b: 2, a: 1 }, x: 'a' }],
  ['a variable that the operation does not know', { x: 'a', y: 1 }, { x: 'a' }],
  ['a variable that is given as undefined', { x: undefined }, {}],
])('%s makes no other question', (_, one, other) => {
  expect(key({ ...one })).toBe(key({ ...other }));
});

test('whatever may be answered differently is another question', () => {
  const asked = [
    ...[{}, { x: null }, { x: '' }, { x: 'null' }, { x: '1' }, { x: 1 }, { x: true }, { x: [1] }],
    ...[{ x: 'é' }, { x: 'e\u0301' }, { x: '\u0000' }, { x: '","' }, { x: ['a', 'b'] }],
    ...[{ x: ['b', 'a'] }, { x: ['a,b'] }, { in: {} }, { in: { a: null } }, { in: { a: 1 } }],
    ...[{ in: { b: 1 } }, { x: { __proto__: null, a: 1 } }, JSON.parse('{"x":{"__proto__":1}}')],
  ];
  expect(new Set(asked.map((variables) => key(variables))).size).toBe(asked.length);
  expect(key({}, { name: 'B' })).not.toBe(key({}));
});

test('under another graph the same words are another question, under an equal one the same', () => {
  const equal = graph('word(of: String, in: In): String number: Int } input In { a: Int b: Int');
  const other = graph('word(of: String, in: In): String number: ID } input In { a: Int b: Int');
  expect(key({}, { schema: equal })).toBe(key({}));
  expect(key({}, { schema: other })).not.toBe(key({}));
});

test('nobody is taken for another: neither by an odd id, nor in other roles', () => {
  const viewers = [
    ...[['a', []] as const, ['a', ['customer']] as const, ['a', ['support']] as const],
    ...[['a","customer', []] as const, ['anonymous', []] as const, ['', []] as const],
  ].map(([customerId, roles]) =>
    identityOf({ kind: 'principal', customerId, roles, channel: 'web', sessionId: null }),
  );
  const nobody = identityOf({ kind: 'anonymous', channel: 'web' });
  expect(new Set([...viewers, nobody]).size).toBe(viewers.length + 1);
});

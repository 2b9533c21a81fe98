import { createChance } from '@simplebank/testkit/chance';
import fc from 'fast-check';
import type {
  ExecutionResult,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLResolveInfo,
} from 'graphql';
import {
  buildSchema,
  execute,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  responsePathAsArray,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { complete } from '../src/rights/complete.ts';
import { createFieldRights } from '../src/rights/field-rights.ts';
import { reduced } from '../src/rights/reduce.ts';

const schema = buildSchema(`
  type Query {
    one: One! maybe: One many: [One!]! some: [One] either: Either others: [Either!] text: String!
  }
  union Either = One | Two
  type One { id: ID! two: Two! twos: [Two!] name: String either: Either! grid: [[Two!]] }
  type Two { id: ID! one: One note: String! either: Either }
`);
const [queries, ones, twos] = ['Query', 'One', 'Two'].map((name) => schema.getType(name)) as [
  GraphQLObjectType,
  GraphQLObjectType,
  GraphQLObjectType,
];
const coordinates = [queries, ones, twos].flatMap((type) => [
  ...(type === queries ? [] : [type.name]),
  ...Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
]);

/** The same small number for the same text, wherever it is asked. */
const dice = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);

/** What stands at a path: objects that tell their type, short lists, now and then a null. */
function standing(type: GraphQLOutputType, at: string): unknown {
  if (isNonNullType(type)) return standing(type.ofType, at) ?? standing(type, `${at}!`);
  if (dice(at) % 7 === 0) return null;
  if (isListType(type)) {
    return Array.from({ length: dice(at) % 3 }, (_, n) => standing(type.ofType, `${at}.${n}`));
  }
  const named = getNamedType(type);
  if (isObjectType(named)) return { __typename: named.name };
  if (isUnionType(named)) return { __typename: dice(at) % 2 === 0 ? 'One' : 'Two' };
  return `value ${dice(at)}`;
}

const standingAt = ({ returnType, path }: GraphQLResolveInfo): unknown =>
  standing(returnType, responsePathAsArray(path).join('.'));

/** A graph that tells each of its fields to `note` before it answers. */
const answering =
  (note: (parent: GraphQLObjectType, field: string) => void): Resolver =>
  (...[, , , info]) => {
    note(info.parentType, info.fieldName);
    return standingAt(info);
  };
type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** A question of a few levels: aliases, fragments on types and on none, conditions. */
function question(seed: number): string {
  const chance = createChance(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T;
  const condition = () => (chance() < 0.1 ? ` @${pick(['skip', 'include'])}(if: $on)` : '');

  function fieldsOf(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    const asked = Array.from({ length: 1 + Math.floor(chance() * 3) }, () => pick(fields));
    return asked
      .map((field) => {
        const inner = getNamedType(field.type);
        const below = isCompositeType(inner) ? ` { ${selection(inner.name, depth - 1)} }` : '';
        return `${field.name}${condition()}${below}`;
      })
      .join(' ');
  }

  function selection(name: string, depth: number): string {
    const type = schema.getType(name);
    if (isObjectType(type) && chance() < 0.7) return `${fieldsOf(type, depth)} __typename`;
    if (isObjectType(type)) return `... on ${name}${condition()} { ${fieldsOf(type, depth)} } id`;
    return `... on One { a: id ${fieldsOf(ones, depth)} } ...Note ... on Two { id }`;
  }
  return `query($on: Boolean = true) { ${fieldsOf(queries, 3)} last: text @include(if: $on)
      noted: maybe { two { ...Note } } }
    fragment Note on Two { b: note one { name other: name } }`;
}

/** The same question to a graph whose every field checks for itself. */
function answeredWithGuards(text: string, mayAnswer: MayAnswer) {
  const fieldResolver = answering((parent, field) => {
    if (!mayAnswer(parent, field)) throw new Error('refused');
  });
  return execute({ schema, document: parse(text), fieldResolver }) as ExecutionResult;
}
type MayAnswer = Parameters<typeof reduced>[1]['mayAnswer'];

function answeredReduced(text: string, mayAnswer: MayAnswer) {
  const document = parse(text);
  const [definition] = document.definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation comes first');
  const kept = reduced(definition, { schema, document, mayAnswer });
  const rest = kept.reduced?.document;
  const invalid = rest ? validate(schema, rest).map(String) : [];
  expect(invalid).toEqual([]);
  const asked: string[] = [];
  const fieldResolver = answering((parent, field) => asked.push(`${parent.name}.${field}`));
  const answer = rest ? execute({ schema, document: rest, fieldResolver }) : { data: {} };
  const { data } = answer as ExecutionResult;
  const { refused, typeKey } = kept;
  const asking = { schema, document, definition, refused, typeKey };
  return { ...(data ? complete(asking, data, {}) : { data, paths: [] }), asked };
}

test('a reduced operation answers as a graph whose every field refuses for itself', () => {
  const seen = { refused: 0, whole: 0, nothing: 0 };
  fc.assert(
    fc.property(fc.nat(), fc.subarray(coordinates, { maxLength: 6 }), (seed, shut) => {
      const rules = new Map(shut.map((name) => [name, [{ kind: 'policies', anyOf: [] } as const]]));
      const rightsOf = createFieldRights(schema, rules);
      const mayAnswer: MayAnswer = (parent, field) => rightsOf(parent, field).length === 0;
      const text = question(seed);
      const guarded = answeredWithGuards(text, mayAnswer);
      const ours = answeredReduced(text, mayAnswer);
      const told = guarded.errors?.filter(({ message }) => message === 'refused') ?? [];
      expect(JSON.stringify(ours.data), text).toEqual(JSON.stringify(guarded.data));
      const paths = new Set(ours.paths.map((path) => path.join('.')));
      const untold = told.filter(({ path = [] }) => !paths.has(path.join('.')));
      if (ours.data) expect(untold, text).toEqual([]);
      const shutFields = ours.asked.filter((name) => rules.has(name));
      expect(shutFields, text).toEqual([]);
      if (told.length === 0) seen.whole += 1;
      else seen.refused += 1;
      if (ours.asked.length === 0) seen.nothing += 1;
    }),
    { numRuns: 1_000 },
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
});

test('questions of the comparison are valid, so that it compares what can be asked', () => {
  for (let seed = 0; seed < 200; seed++) {
    expect(validate(schema, parse(question(seed))).map(String), question(seed)).toEqual([]);
  }
});

import { buildSchema, isCompositeType } from 'graphql';
import { expect, test } from 'vitest';
import { readRights } from '../src/rights/directives.ts';
import { createFieldRights } from '../src/rights/field-rights.ts';

const sdl = `
  schema
    @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
    @link(url: "https://specs.apollo.dev/policy/v0.1", as: "may", for: SECURITY) { query: Query }
  directive @link(url: String!, as: String, for: String) repeatable on SCHEMA
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @may(policies: [[may__Policy!]!]!) on FIELD_DEFINITION | OBJECT
  scalar may__Policy
  type Query { thing: Thing secret: Secret }
  interface Thing { id: ID! size: Int }
  type Plain implements Thing { id: ID! size: Int @may(policies: [["operations"]]) }
  type Secret implements Thing @authenticated { id: ID! size: Int }
`;

const { rules, supergraphSdl } = readRights(sdl);
const schema = buildSchema(supergraphSdl);
const rightsOf = createFieldRights(schema, rules);

function takenBy(type: string, field: string): readonly string[] {
  const parent = schema.getType(type);
  if (!isCompositeType(parent)) throw new Error(`${type} has no fields`);
  return rightsOf(parent, field).map(({ kind }) => kind);
}

test('a field of an interface takes what any type behind it takes', () => {
  expect(takenBy('Thing', 'id')).toEqual(['authenticated']);
  expect([...takenBy('Thing', 'size')].sort()).toEqual(['authenticated', 'policies']);
  expect(takenBy('Plain', 'id')).toEqual([]);
  expect(takenBy('Secret', '__typename')).toEqual([]);
});

test('a field takes what the type that it answers takes', () => {
  expect(takenBy('Query', 'secret')).toEqual(['authenticated']);
  expect(takenBy('Query', 'thing')).toEqual([]);
});

test('the planner gets a graph without the directives, under whatever names they came', () => {
  expect(supergraphSdl).not.toMatch(/authenticated|@may|may__Policy|specs\.apollo\.dev\/policy/);
  expect(supergraphSdl).toContain('specs.apollo.dev/link/v1.0');
});

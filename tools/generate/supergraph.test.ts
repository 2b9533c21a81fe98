import { composeServices } from '@apollo/composition';
import { parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { composeFor, services } from './supergraph.ts';
import { gateways } from './units.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])';
const service = (name: string, sdl: string) => ({
  ...{ name, url: `http://${name}`, typeDefs: parse(`${link}\n${sdl}`) },
});

test('the graph of every gateway composes, and the other composer agrees on the whole', () => {
  for (const gateway of gateways) expect(() => composeFor(gateway, services())).not.toThrow();
  const { errors } = composeServices(
    services().map(({ name, typeDefs }) => ({ name, url: `http://${name}`, typeDefs })),
  );
  expect(errors ?? []).toEqual([]);
});

test('a subgraph that contradicts another is told with code, coordinate and subgraph', () => {
  const definitions = [
    service('one', 'type Thing @key(fields: "id") { id: ID! size: Int } type Query { one: Thing }'),
    service('two', 'type Thing @key(fields: "id") { id: ID! size: Int } type Query { two: Thing }'),
  ];
  expect(() => composeFor('federation', definitions)).toThrow(
    /does not compose\n {2}INVALID_FIELD_SHARING: .*"Thing\.size".*"one" and "two"/,
  );
});

test('a contract keeps what bears its tag, with the arguments of a tagged field', () => {
  const definitions = [
    service(
      'one',
      `type Query { seen(id: ID!): Thing @tag(name: "web") staffOnly: String }
       type Thing @tag(name: "web") { id: ID! part(first: Int = 3): String }`,
    ),
  ];
  const { api } = composeFor('web', definitions);
  expect(api).toBe(
    print(
      parse(`type Query { seen(id: ID!): Thing }
             type Thing { id: ID! part(first: Int = 3): String }`),
    ),
  );
  expect(composeFor('federation', definitions).api).toContain('staffOnly');
});

import { buildSchema, type GraphQLSchema, isObjectType, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { composeFor, services } from '../../tools/generate/supergraph.ts';
import { gateways } from '../../tools/generate/units.ts';

const composed = new Map<string, GraphQLSchema>();

/** Composing takes its time, and every question of this file is about the same three graphs. */
function api(gateway: string): GraphQLSchema {
  const known = composed.get(gateway);
  if (known) return known;
  const schema = buildSchema(composeFor(gateway, services()).api, { assumeValidSDL: true });
  composed.set(gateway, schema);
  return schema;
}

/** The names of domain §10 that must answer, with the types under which they do. */
const fixed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Query: { accounts: '[Account!]!', account: 'Account' },
  Account: { id: 'ID!', name: 'String!', currentHoldings: '[Holding]!', orders: '[Order]!' },
  Order: { id: 'ID!', status: 'OrderStatus!', asset: 'Asset', quantity: 'Decimal!' },
  Holding: { asset: 'Asset', quantity: 'Decimal!' },
  // An asset that was never quoted has no price yet.
  Asset: { id: 'ID!', name: 'String!', type: 'AssetType!', price: 'Decimal' },
};

/** What our own clients use: one part that is down costs a field and not an account. */
const twins = { ordersPage: 'OrderConnection', holdingsPage: 'HoldingConnection' };
const copies = { symbol: /^String!?$/, name: /^String!?$/ };

const typesIn = (gateway: string, name: string): Readonly<Record<string, string>> => {
  const type = api(gateway).getType(name);
  if (!isObjectType(type)) return {};
  return Object.fromEntries(
    Object.entries(type.getFields()).map(([field, { type: shape }]) => [field, String(shape)]),
  );
};

test.each([...gateways])('the fixed names answer at gateways/%s with their shapes', (gateway) => {
  for (const [name, fields] of Object.entries(fixed)) {
    expect(typesIn(gateway, name)).toMatchObject(fields);
  }
});

test.each([...gateways])('gateways/%s offers what a failing part cannot take away', (gateway) => {
  expect(typesIn(gateway, 'Account')).toMatchObject(twins);
  for (const name of ['Order', 'Holding']) {
    const { symbol, name: assetName } = typesIn(gateway, name);
    expect(symbol).toMatch(copies.symbol);
    expect(assetName).toMatch(copies.name);
  }
  expect(typesIn(gateway, 'Holding')).toMatchObject({
    price: 'Decimal',
    value: 'Money',
    asOf: 'DateTime',
  });
});

test.each([...gateways])('the first query of the bank is valid at gateways/%s', (gateway) => {
  const query = `
    query Portfolio($id: ID!) {
      accounts {
        id
        name
        orders { id status quantity asset { id name type price } }
        currentHoldings { quantity asset { id name type price } }
      }
      account(id: $id) { id ordersPage(first: 10) { pageInfo { hasNextPage } } }
    }
  `;
  expect(validate(api(gateway), parse(query)).map(({ message }) => message)).toEqual([]);
});

test.each([...gateways])(
  'every refusal at gateways/%s is a type with code and message',
  (gateway) => {
    const refusals = Object.values(api(gateway).getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => name.endsWith('Refusal'));
    expect(refusals.length).toBeGreaterThan(5);
    for (const { name } of refusals) {
      const { code, message } = typesIn(gateway, name);
      expect([name, code]).toEqual([name, expect.stringMatching(/RefusalCode!$/)]);
      expect([name, message]).toEqual([name, 'String!']);
    }
  },
);

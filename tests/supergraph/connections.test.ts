import { buildSchema, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { composeFor, services } from '../../tools/generate/supergraph.ts';
import { gateways } from '../../tools/generate/units.ts';

const fieldsOf = (gateway: string) => {
  const schema = buildSchema(composeFor(gateway, services()).api, { assumeValidSDL: true });
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  return new Map(
    types.map((type) => [
      type.name,
      Object.values(type.getFields()).map(({ name, type: of }) => `${name}: ${of}`),
    ]),
  );
};

test.each([...gateways])('every connection of gateways/%s has the same shape', (gateway) => {
  const fields = fieldsOf(gateway);
  const nodes = [...fields.keys()].flatMap((name) => /^(.+)Connection$/.exec(name)?.[1] ?? []);
  expect(nodes).toEqual(expect.arrayContaining(['Asset', 'Holding', 'Order', 'Payment']));
  for (const node of nodes) {
    expect(fields.get(`${node}Edge`)).toEqual(['cursor: String!', `node: ${node}!`]);
    // A list may say more of itself as a whole, such as sums.
    const shared = [`edges: [${node}Edge!]!`, `nodes: [${node}!]!`, 'pageInfo: PageInfo!'];
    expect(fields.get(`${node}Connection`)).toEqual(expect.arrayContaining(shared));
  }
});

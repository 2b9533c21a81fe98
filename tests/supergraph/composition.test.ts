import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { buildSchema, type GraphQLSchema, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { composeFor, services } from '../../tools/generate/supergraph.ts';
import { gateways, subgraphs } from '../../tools/generate/units.ts';

const api = (gateway: string): GraphQLSchema =>
  buildSchema(composeFor(gateway, services()).api, { assumeValidSDL: true });

const rootFields = (schema: GraphQLSchema): string[] =>
  [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );

test('the graph is made of every context that serves a part of it', () => {
  expect(services().map(({ name }) => name)).toEqual([...subgraphs]);
});

test.each([...subgraphs])('the subgraph of %s is a graph by itself', (name) => {
  const result = composeServices(services().filter((service) => service.name === name));
  const errors = compositionHasErrors(result) ? result.errors : [];
  // A field that it reads of another subgraph is told by that one; the whole graph proves it.
  const own = errors.filter(({ extensions }) => extensions['code'] !== 'EXTERNAL_MISSING_ON_BASE');
  expect(own.map(String)).toEqual([]);
});

test.each([...gateways])('the graph of gateways/%s composes', (gateway) => {
  const { supergraph } = composeFor(gateway, services());
  expect(supergraph).toContain('@join__graph');
});

test('each gateway shows every root field, or a part of them', () => {
  const whole = rootFields(api('federation'));
  const web = rootFields(api('web'));
  const mobile = rootFields(api('mobile'));
  expect(web.filter((field) => !whole.includes(field))).toEqual([]);
  expect(mobile.filter((field) => !web.includes(field))).toEqual([]);
  expect(whole).toEqual(
    expect.arrayContaining(['registerStaff', 'createStrategy', 'stuckOrders', 'deliveries']),
  );
});

test('no root field or type that staff alone may see is in a contract', () => {
  const whole = api('federation');
  for (const gateway of ['web', 'mobile']) {
    const schema = api(gateway);
    const shown = rootFields(schema).filter((field) => staffFields().has(field));
    expect(shown, gateway).toEqual([]);
    const types = [...staffTypes()].filter((type) => schema.getType(type));
    expect(types, gateway).toEqual([]);
  }
  expect([...staffTypes()].filter((type) => !whole.getType(type))).toEqual([]);
  expect(staffFields().size).toBeGreaterThan(20);
});

test('what the web shows of the work of staff is what its REST contract needs', () => {
  const forBoth = rootFieldsThat((field) => isFor('staff', field) && isFor('web', field));
  expect([...forBoth].sort()).toEqual(['createStrategy', 'customers', 'customersNamed']);
  expect(rootFields(api('web'))).toEqual(expect.arrayContaining([...forBoth]));
  expect(rootFields(api('mobile')).filter((field) => forBoth.has(field))).toEqual([]);
});

test('a field of a customer type that is for staff is in no contract that it does not name', () => {
  const columns = ['Asset.version', 'Strategy.createdById'];
  const has = (schema: GraphQLSchema, coordinate: string) => {
    const [name = '', field = ''] = coordinate.split('.');
    const type = schema.getType(name);
    return isObjectType(type) && field in type.getFields();
  };
  expect(columns.filter((column) => has(api('federation'), column))).toEqual(columns);
  expect(columns.filter((column) => has(api('web'), column))).toEqual(['Strategy.createdById']);
  expect(columns.filter((column) => has(api('mobile'), column))).toEqual([]);
});

const definitions = () => services().flatMap(({ typeDefs }) => typeDefs.definitions);

type Tagged = {
  readonly name?: { readonly value: string };
  readonly directives?: readonly {
    readonly name: { readonly value: string };
    readonly arguments?: readonly { readonly value: object }[];
  }[];
};

const isFor = (tag: string, { directives = [] }: Tagged): boolean =>
  directives
    .filter(({ name }) => name.value === 'tag')
    .some((one) => JSON.stringify(one.arguments).includes(`"${tag}"`));

/** A tag of a contract beside it says that the contract shows it on purpose. */
const isForStaffAlone = (node: Tagged): boolean =>
  isFor('staff', node) && !isFor('web', node) && !isFor('mobile', node);

const nameOf = ({ name }: Tagged): string => name?.value ?? '';

const staffTypes = (): ReadonlySet<string> =>
  new Set(
    definitions()
      .filter((definition) => isForStaffAlone(definition as Tagged))
      .map((definition) => nameOf(definition as Tagged)),
  );

function rootFieldsThat(fits: (field: Tagged) => boolean): ReadonlySet<string> {
  const names = definitions().flatMap((definition) => {
    const isRoot = ['Query', 'Mutation'].includes(nameOf(definition as Tagged));
    if (!isRoot || !('fields' in definition)) return [];
    return (definition.fields ?? []).filter(fits).map(nameOf);
  });
  return new Set(names);
}

const staffFields = () => rootFieldsThat(isForStaffAlone);

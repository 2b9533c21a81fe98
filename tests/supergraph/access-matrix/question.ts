import { randomUUID } from 'node:crypto';
import type { GraphQLArgument, GraphQLInputField, GraphQLInputType, GraphQLSchema } from 'graphql';
import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

/** Values by the name of an argument or input field, or by `field.argument` where need be. */
export type Samples = Readonly<Record<string, unknown>>;
export type Question = {
  readonly field: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

const operations = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' } as const;
type RootName = keyof typeof operations;

const scalars: Samples = {
  Decimal: '1.00',
  Int: 1,
  Boolean: true,
  String: 'a text of a test',
  LocalDate: '2026-10-01',
  DateTime: '2026-10-01T12:00:00.000Z',
};

/**
 * Asks for one root field with every argument it requires, and those that samples name for it.
 * Throws for an id of which there is no sample: a new field brings its own.
 */
export function questionOf(schema: GraphQLSchema, coordinate: string, samples: Samples): Question {
  const [root = '', name = ''] = coordinate.split('.');
  const operation = operations[root as RootName];
  const field = schema.getRootType(operation as never)?.getFields()[name];
  if (!field) throw new Error(`the graph has no ${coordinate}`);
  const given = field.args.filter((arg) => isAsked(arg, name, samples));
  const declared = given.map((arg) => `$${arg.name}: ${String(arg.type)}`);
  const passed = given.map((arg) => `${arg.name}: $${arg.name}`);
  const inBrackets = (parts: readonly string[]) => (parts.length ? `(${parts.join(', ')})` : '');
  const below = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  return {
    field: name,
    text: `${operation}${inBrackets(declared)} { ${name}${inBrackets(passed)}${below} }`,
    variables: Object.fromEntries(given.map((arg) => [arg.name, valueFor(arg, name, samples)])),
  };
}

type Given = GraphQLArgument | GraphQLInputField;

const isAsked = ({ name, type, defaultValue }: Given, field: string, samples: Samples): boolean =>
  (isNonNullType(type) && defaultValue === undefined) || `${field}.${name}` in samples;

const valueFor = ({ name, type }: Given, field: string, samples: Samples): unknown =>
  sampleOf(type, { name, field, samples });

type Place = { readonly name: string; readonly field: string; readonly samples: Samples };

function sampleOf(type: GraphQLInputType, place: Place): unknown {
  const { name, field, samples } = place;
  const found = samples[`${field}.${name}`] ?? samples[name];
  if (found !== undefined) return found;
  if (name === 'idempotencyKey') return randomUUID();
  if (isNonNullType(type)) return sampleOf(type.ofType, place);
  if (isListType(type)) return [sampleOf(type.ofType, place)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((one) => isAsked(one, field, samples));
    return Object.fromEntries(fields.map((one) => [one.name, valueFor(one, field, samples)]));
  }
  const scalar = scalars[type.name];
  if (scalar === undefined) throw new Error(`no sample for the ${type.name} ${field}.${name}`);
  return scalar;
}

import type { GraphQLInputType, GraphQLSchema } from 'graphql';
import { getNamedType, isInputObjectType } from 'graphql';

/** Where a root field takes an id: `Mutation.placeOrder` at `input.accountId`. */
export type IdPlace = { readonly coordinate: string; readonly path: readonly string[] };

/** What the bank shows to everybody who is signed in; knowing that it is there is no secret. */
const shared = /^(asset|strategy)(Id|Ids)?$/i;
const sharedFields = [
  // Who opens an account names its other owners by UUIDs that they have told.
  'Mutation.openAccount',
  'Query.asset',
  'Query.strategy',
  'Query.assetsNamed',
  'Query.prices',
];

/** Every place of the graph that names what belongs to somebody. */
export function idPlaces(schema: GraphQLSchema): readonly IdPlace[] {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  return roots.flatMap((root) =>
    Object.values(root?.getFields() ?? {}).flatMap((field) => {
      const coordinate = `${root?.name}.${field.name}`;
      if (sharedFields.includes(coordinate)) return [];
      const paths = field.args.flatMap(({ name, type }) => pathsIn(type, [name], []));
      return paths.map((path) => ({ coordinate, path }));
    }),
  );
}

function pathsIn(
  type: GraphQLInputType,
  path: readonly string[],
  within: readonly string[],
): readonly (readonly string[])[] {
  const named = getNamedType(type);
  if (named.name === 'ID') return shared.test(path.at(-1) ?? '') ? [] : [path];
  if (!isInputObjectType(named) || within.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    pathsIn(field.type, [...path, field.name], [...within, named.name]),
  );
}

/** The variables with another value at a place; a list there holds it alone. */
export function withIdAt(
  variables: Readonly<Record<string, unknown>>,
  [first = '', ...rest]: readonly string[],
  id: unknown,
): Readonly<Record<string, unknown>> {
  const inner = variables[first];
  const isList = Array.isArray(inner) || /Ids$|^ids$/.test(first);
  if (rest.length === 0) return { ...variables, [first]: isList ? [id] : id };
  return { ...variables, [first]: withIdAt(asObject(inner), rest, id) };
}

const asObject = (value: unknown) => (value ?? {}) as Readonly<Record<string, unknown>>;

import type { ObjectTypeExtensionNode, TypeNode } from 'graphql';
import { type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';

/** The name that each field has here, and why it may stay as it is. */
export type Excused = Readonly<Record<string, string>>;

export type Crossings = {
  /** The schema of each context, by its name. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Whose each entity is. */
  readonly ownerOf: ReadonlyMap<string, string>;
  readonly excused?: Excused;
};

const fixedName = 'a fixed name of the contract; our clients use its nullable twin';

/** Names that must answer as they do, whatever else we would rather promise. */
export const excusedCrossings: Excused = {
  'orders: Account.orders': fixedName,
  'holdings: Account.currentHoldings': fixedName,
};

type ObjectType = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

const isObject = (one: { readonly kind: Kind }): one is ObjectType =>
  one.kind === Kind.OBJECT_TYPE_DEFINITION || one.kind === Kind.OBJECT_TYPE_EXTENSION;

const namedOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type);

/** What others already serve: the key, and what is only asked for to compute something. */
function isTheirs({ name, directives = [] }: FieldDefinitionNode, keys: readonly string[]) {
  return keys.includes(name.value) || directives.some((one) => one.name.value === 'external');
}

function keysOf({ directives = [] }: ObjectType): readonly string[] {
  return directives
    .filter(({ name }) => name.value === 'key')
    .flatMap(({ arguments: given = [] }) => given)
    .flatMap(({ value }) => (value.kind === Kind.STRING ? value.value.split(/\W+/) : []));
}

/**
 * Fields that cross contexts, by returning another one's entity or by being added to one, and that
 * may not be null: a context that is down would take the whole answer with it.
 */
export function crossingProblems({ schemas, ownerOf, excused = {} }: Crossings): string[] {
  const found = Object.entries(schemas).flatMap(([context, schema]) => {
    const isForeign = (type: string) => ownerOf.has(type) && ownerOf.get(type) !== context;
    const types = parse(schema).definitions.filter(isObject);
    return types.flatMap((type) => {
      const keys = types.filter(({ name }) => name.value === type.name.value).flatMap(keysOf);
      const isAdded = isForeign(type.name.value);
      return (type.fields ?? [])
        .filter((field) => field.type.kind === Kind.NON_NULL_TYPE && !isTheirs(field, keys))
        .filter((field) => isAdded || isForeign(namedOf(field.type)))
        .map((field) => `${context}: ${type.name.value}.${field.name.value}`);
    });
  });
  return [
    ...found
      .filter((field) => !excused[field])
      .map((field) => `${field} crosses contexts and must be nullable`),
    ...Object.keys(excused)
      .filter((field) => !found.includes(field))
      .map((field) => `${field} is excused in vain`),
  ];
}

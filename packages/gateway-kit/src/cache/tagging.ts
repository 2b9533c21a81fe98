import type {
  DocumentNode,
  FieldNode,
  GraphQLCompositeType,
  GraphQLObjectType,
  GraphQLSchema,
  SelectionNode,
} from 'graphql';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isObjectType,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Operation } from '../request/steps.ts';

/** Names that no caller's own selection may bear, or its answer would lose them. */
const typeKey = 'cacheTagType__';
const idKey = 'cacheTagId__';

/** An operation that also asks which entities its answer holds. */
export type Tagged = {
  readonly operation: Operation;
  /** Every type of entity that the answer may hold, whether it does or not. */
  readonly types: readonly string[];
};

/** Null for an operation whose answers cannot be tagged: it asks for the schema, or our keys. */
export function tagged(operation: Operation): Tagged | null {
  const { text, schema } = operation;
  if (text.includes(typeKey) || text.includes(idKey)) return null;
  const types = new Set<string>();
  const document = withTags(operation.document, { schema, types });
  if (!document) return null;
  const definition = document.definitions.find(
    (one) =>
      one.kind === Kind.OPERATION_DEFINITION &&
      (one.name?.value ?? null) === (operation.definition.name?.value ?? null),
  );
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return null;
  return {
    operation: { ...operation, text: print(document), document, definition },
    types: [...types],
  };
}

type Tagging = { readonly schema: GraphQLSchema; readonly types: Set<string> };

function withTags(document: DocumentNode, { schema, types }: Tagging): DocumentNode | null {
  const info = new TypeInfo(schema);
  let ofSchema = false;
  const rewritten = visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name }) => {
        if (name.value === '__schema' || name.value === '__type') ofSchema = true;
        const type = getNamedType(info.getType());
        if (isEntity(type)) types.add(type.name);
      },
      SelectionSet: {
        leave: (set) => {
          const parent = info.getParentType();
          if (!isCompositeType(parent)) return undefined;
          const added = additions(schema, parent);
          if (added.length === 0) return undefined;
          return { ...set, selections: [...set.selections, ...added] };
        },
      },
    }),
  );
  return ofSchema ? null : rewritten;
}

/** An entity has an id that is never null. */
export function isEntity(type: unknown): type is GraphQLObjectType {
  if (!isObjectType(type)) return false;
  const id = type.getFields()['id']?.type;
  return isNonNullType(id) && String(id.ofType) === 'ID';
}

function additions(schema: GraphQLSchema, parent: GraphQLCompositeType): SelectionNode[] {
  if (isEntity(parent)) return [...tagFields];
  if (!isAbstractType(parent)) return [];
  return schema
    .getPossibleTypes(parent)
    .filter(isEntity)
    .map(({ name }) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
      selectionSet: { kind: Kind.SELECTION_SET, selections: tagFields },
    }));
}

const field = (alias: string, name: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: alias },
  name: { kind: Kind.NAME, value: name },
});
const tagFields: readonly FieldNode[] = [field(typeKey, '__typename'), field(idKey, 'id')];

type Data = Readonly<Record<string, unknown>>;

/**
 * The answer as it was asked for, in the same order, and the entities that it holds. The answer
 * given stays as it is: others may hold parts of it.
 */
export function takeTags(data: Data) {
  const tags = new Set<string>();
  return { data: asAsked(data, tags) as Data, tags };
}

function asAsked(value: unknown, tags: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => asAsked(item, tags));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Data;
  if (typeKey in object) tags.add(`${String(object[typeKey])}:${String(object[idKey])}`);
  // Without a prototype even a field renamed to `__proto__` is a field like any other.
  const kept: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(object)) {
    if (key !== typeKey && key !== idKey) kept[key] = asAsked(inner, tags);
  }
  return kept;
}

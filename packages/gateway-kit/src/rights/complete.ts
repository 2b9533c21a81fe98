import type {
  DocumentNode,
  FieldNode,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';
import {
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { fragmentOf } from '../operations/fragment.ts';
import type { Asked } from '../request/steps.ts';

const metaFields = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef];

/** A list of a thousand need not say a thousand times that one of its fields is refused. */
const errorsMax = 100;

type Path = readonly (string | number)[];
type Data = Readonly<Record<string, unknown>>;

export type Asking = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly refused: ReadonlySet<FieldNode>;
  readonly typeKey: string;
};

type Walk = Asking & { readonly variables: Data; readonly paths: Path[] };

/**
 * The answer to the operation as it was asked: each refused field is null, and so is what cannot be
 * without it; keys stand in the order of the question. `paths` tell where those fields would stand.
 */
export function complete(asking: Asking, data: Data, variables: Asked['variables']) {
  const { schema, definition } = asking;
  const type = schema.getRootType(definition.operation);
  if (!type) throw new Error(`the graph has no ${definition.operation}`);
  const paths: Path[] = [];
  const walk = { ...asking, variables: { ...defaultsOf(definition), ...variables }, paths };
  const completed = objectOf(walk, { type, sets: [definition.selectionSet], path: [] }, data);
  return { data: completed, paths };
}

type Sets = readonly SelectionSetNode[];
type ObjectPlace = { readonly type: GraphQLObjectType; readonly sets: Sets; readonly path: Path };

/** Null when a field that may not be null is. */
function objectOf(walk: Walk, { type, sets, path }: ObjectPlace, data: Data): Data | null {
  const asked = new Map<string, FieldNode[]>();
  const into = { walk, type, asked, seen: new Set<string>() };
  for (const { selections } of sets) collect(into, selections);
  // Without a prototype a field renamed to `__proto__` is a field like any other.
  const completed: Record<string, unknown> = Object.create(null);
  let whole = true;
  for (const [key, nodes] of asked) {
    const fieldType = typeOf(type, nodes);
    const place = { nodes, type: fieldType, path: [...path, key] };
    const value = fieldOf(walk, place, Object.hasOwn(data, key) ? data[key] : undefined);
    if (value === null && isNonNullType(fieldType)) whole = false;
    completed[key] = value;
  }
  return whole ? completed : null;
}

function typeOf(parent: GraphQLObjectType, [node]: readonly FieldNode[]): GraphQLOutputType {
  const name = node?.name.value ?? '';
  const field = parent.getFields()[name] ?? metaFields.find((meta) => meta.name === name);
  if (!field) throw new Error(`${parent.name} has no field ${name}`);
  return field.type;
}

type FieldPlace = {
  readonly nodes: readonly FieldNode[];
  readonly type: GraphQLOutputType;
  readonly path: Path;
};

function fieldOf(walk: Walk, { nodes, type, path }: FieldPlace, value: unknown): unknown {
  const allowed = nodes.filter((node) => !walk.refused.has(node));
  if (allowed.length === 0) {
    if (walk.paths.length < errorsMax) walk.paths.push(path);
    return null;
  }
  const sets = allowed.flatMap(({ selectionSet }) => selectionSet ?? []);
  return sets.length === 0 ? (value ?? null) : valueAt(walk, { type, sets, path }, value);
}

type ValuePlace = { readonly type: GraphQLOutputType; readonly sets: Sets; readonly path: Path };

function valueAt(walk: Walk, { type, sets, path }: ValuePlace, value: unknown): unknown {
  if (isNonNullType(type)) return valueAt(walk, { type: type.ofType, sets, path }, value);
  if (isListType(type)) {
    if (!Array.isArray(value)) return null;
    const items = value.map((item, index) =>
      valueAt(walk, { type: type.ofType, sets, path: [...path, index] }, item),
    );
    return isNonNullType(type.ofType) && items.includes(null) ? null : items;
  }
  if (!isData(value)) return null;
  const found = isObjectType(type) ? type : walk.schema.getType(String(value[walk.typeKey]));
  if (!isObjectType(found)) throw new Error(`an object of ${String(type)} does not tell its type`);
  return objectOf(walk, { type: found, sets, path }, value);
}

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null;

type Collecting = {
  readonly walk: Walk;
  readonly type: GraphQLObjectType;
  readonly asked: Map<string, FieldNode[]>;
  /** Fragments within fragments, each spread again and again, would multiply without an end. */
  readonly seen: Set<string>;
};

/** The fields that this object is asked for, by their keys, those of fragments too. */
function collect(into: Collecting, selections: readonly SelectionNode[]): void {
  const { walk, type, asked } = into;
  for (const selection of selections) {
    if (!isIncluded(selection, walk.variables)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const known = asked.get(key);
      if (known) known.push(selection);
      else asked.set(key, [selection]);
      continue;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (into.seen.has(selection.name.value)) continue;
      into.seen.add(selection.name.value);
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : fragmentOf(walk.document, selection.name.value);
    const condition = inner?.typeCondition?.name.value;
    if (inner && isOfType(walk.schema, type, condition)) {
      collect(into, inner.selectionSet.selections);
    }
  }
}

function isOfType(schema: GraphQLSchema, type: GraphQLObjectType, name: string | undefined) {
  if (name === undefined || name === type.name) return true;
  const condition = schema.getType(name);
  return isAbstractType(condition) && schema.isSubType(condition, type);
}

/** As `@skip` and `@include` say. */
const isIncluded = ({ directives = [] }: SelectionNode, variables: Data): boolean =>
  directives.every(({ name, arguments: given = [] }) => {
    const [condition] = given;
    if (!condition || (name.value !== 'skip' && name.value !== 'include')) return true;
    return (valueIn(condition.value, variables) === true) === (name.value === 'include');
  });

function valueIn(node: ValueNode, variables: Data): unknown {
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  return node.kind === Kind.BOOLEAN ? node.value : undefined;
}

const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Data =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueIn(defaultValue, {})]] : [],
    ),
  );

import type { FieldNode, GraphQLCompositeType, SelectionSetNode } from 'graphql';
import { getNamedType, isCompositeType, isUnionType, Kind } from 'graphql';
import type { Costed } from './cost-weights.ts';
import { argumentsCost, introspectionWeight, isIntrospection } from './cost-weights.ts';
import { selected } from './selected.ts';

type Data = Readonly<Record<string, unknown>>;

/** What the fields of one place in an answer weigh; made when an answer first reaches it. */
type Shape = readonly ShapeField[];
type ShapeField = {
  readonly key: string;
  readonly once: number;
  readonly each: number;
  readonly inner: (() => Shape) | null;
};
type Selection = { readonly set: SelectionSetNode; readonly type: GraphQLCompositeType };

/** Counts what an answer really holds, list by list; null costs nothing. */
export function actualCounter(costed: Costed): (data: Data) => number {
  const { schema, definition } = costed;
  const type = schema.getRootType(definition.operation);
  if (!type) return () => 0;
  const shape = lazy(() => shapeOf(costed, [{ set: definition.selectionSet, type }]));
  return (data) => countObject(shape(), data);
}

function countObject(shape: Shape, data: Data): number {
  let cost = 0;
  for (const { key, once, each, inner } of shape) {
    const value = data[key];
    if (value === undefined) continue;
    cost += once + count(value, { each, inner });
  }
  return cost;
}

type Counted = Pick<ShapeField, 'each' | 'inner'>;

function count(value: unknown, field: Counted): number {
  if (value === null || value === undefined) return 0;
  if (Array.isArray(value)) {
    let sum = 0;
    for (const item of value) sum += count(item, field);
    return sum;
  }
  const { each, inner } = field;
  return inner && typeof value === 'object' ? each + countObject(inner(), value as Data) : each;
}

type Asked = { readonly node: FieldNode; readonly type: GraphQLCompositeType };

/** Fields of one name in an answer are one field, whichever fragments asked for it. */
function shapeOf(costed: Costed, selections: readonly Selection[]): Shape {
  const byKey = new Map<string, Asked[]>();
  const seen = new Set<string>();
  for (const asked of selections.flatMap((selection) => fieldsOf(costed, selection, seen))) {
    const key = (asked.node.alias ?? asked.node.name).value;
    const known = byKey.get(key);
    if (known) known.push(asked);
    else byKey.set(key, [asked]);
  }
  return [...byKey]
    .map(([key, asked]) => shapeField(costed, key, asked))
    .filter(({ once, each, inner }) => once + each > 0 || inner);
}

/** Each fragment is looked into once: repeated spreads multiply without an end. */
function fieldsOf(costed: Costed, { set, type }: Selection, seen: Set<string>): Asked[] {
  return set.selections.flatMap((selection): Asked[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (seen.has(selection.name.value)) return [];
      seen.add(selection.name.value);
    }
    const found = selected(selection, costed.document);
    if (!found) return [];
    if ('field' in found) return [{ node: found.field, type }];
    const narrowed = found.condition ? costed.schema.getType(found.condition) : type;
    if (!isCompositeType(narrowed)) return [];
    return fieldsOf(costed, { set: found.inner, type: narrowed }, seen);
  });
}

function shapeField(costed: Costed, key: string, asked: readonly Asked[]): ShapeField {
  const { weights } = costed;
  const fields = asked.map(({ node, type }) => weighed(costed, node, type));
  const inner = fields.flatMap((field) => field.inner);
  return {
    key,
    once: Math.max(0, ...asked.map(({ node, type }) => onceOf(weights, node, type))),
    each: Math.max(0, ...fields.map((field) => field.each)),
    inner: inner.length > 0 ? lazy(() => shapeOf(costed, inner)) : null,
  };
}

const onceOf = (weights: Costed['weights'], node: FieldNode, type: GraphQLCompositeType) =>
  isIntrospection(node.name.value)
    ? introspectionWeight
    : argumentsCost(weights, `${type.name}.${node.name.value}`, node);

type Weighed = { readonly each: number; readonly inner: readonly Selection[] };

function weighed({ weights }: Costed, node: FieldNode, parent: GraphQLCompositeType): Weighed {
  const name = node.name.value;
  const field = isUnionType(parent) ? undefined : parent.getFields()[name];
  if (!field) return { each: 0, inner: [] };
  const type = getNamedType(field.type);
  const set = node.selectionSet;
  return {
    each: weights.ofField(`${parent.name}.${name}`) ?? weights.ofType(type),
    inner: set && isCompositeType(type) ? [{ set, type }] : [],
  };
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

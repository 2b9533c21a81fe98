import type {
  FieldNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isUnionType,
} from 'graphql';
import type { Costed, ListSize } from './cost-weights.ts';
import { argumentsCost, introspectionWeight, isIntrospection } from './cost-weights.ts';
import { applies, isIncluded, plainValue, selected, type Variables } from './selected.ts';

/** Of a list that says nothing of its size. */
const listSizeAssumed = 10;

/** Which lists of a selection have how many items, as the field around it was asked for. */
type Sized = { readonly fields: readonly string[]; readonly items: number };
const unsized: Sized = { fields: [], items: 1 };

type Walk = Costed & {
  readonly variables: Variables;
  readonly known: Map<SelectionSetNode, Map<string, number>>;
};

/** What an operation may cost at most with these variables; linear in its text. */
export function estimatedCost(costed: Costed, variables: Variables): number {
  const { schema, definition } = costed;
  const root = schema.getRootType(definition.operation);
  if (!root) return 0;
  const walk: Walk = { ...costed, variables, known: new Map() };
  return ofSelection(walk, { set: definition.selectionSet, type: root, sized: unsized });
}

type Place = {
  readonly set: SelectionSetNode;
  readonly type: GraphQLCompositeType;
  readonly sized: Sized;
};

/** Each selection is counted once per type, however many fragments lead to it. */
function ofSelection(walk: Walk, place: Place): number {
  const { set, type, sized } = place;
  const key = `${type.name} ${sized.items} ${sized.fields.join(' ')}`;
  const here = walk.known.get(set) ?? new Map<string, number>();
  walk.known.set(set, here);
  const found = here.get(key);
  if (found !== undefined) return found;
  const cost = isAbstractType(type)
    ? Math.max(
        0,
        ...possible(walk.schema, type).map((one) => ofObject(walk, { ...place, type: one })),
      )
    : ofObject(walk, place);
  here.set(key, cost);
  return cost;
}

const possible = (schema: GraphQLSchema, type: GraphQLCompositeType) =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : [];

function ofObject(walk: Walk, { set, type, sized }: Place): number {
  const { schema, document, variables } = walk;
  return set.selections
    .filter((selection) => isIncluded(selection, variables))
    .map((selection) => selected(selection, document))
    .reduce((sum, found) => {
      if (!found) return sum;
      if ('field' in found) return sum + ofField(walk, found.field, { type, sized });
      if (!applies(schema, found.condition, type.name)) return sum;
      return sum + ofSelection(walk, { set: found.inner, type, sized });
    }, 0);
}

type Parent = Pick<Place, 'type' | 'sized'>;

function ofField(walk: Walk, node: FieldNode, { type: parent, sized }: Parent): number {
  const name = node.name.value;
  if (isIntrospection(name)) return introspectionWeight;
  const field = isUnionType(parent) ? undefined : parent.getFields()[name];
  if (!field) return 0;
  const { weights } = walk;
  const coordinate = `${parent.name}.${name}`;
  const type = getNamedType(field.type);
  const size = weights.listSize(coordinate);
  const items = size ? itemsOf(walk, node, { field, size }) : listSizeAssumed;
  const below: Sized =
    size && size.sizedFields.length > 0 ? { fields: size.sizedFields, items } : unsized;
  const inner =
    node.selectionSet && isCompositeType(type)
      ? ofSelection(walk, { set: node.selectionSet, type, sized: below })
      : 0;
  const one = (weights.ofField(coordinate) ?? weights.ofType(type)) + inner;
  const times = timesOf(field, { below, items, sized });
  return argumentsCost(weights, coordinate, node) + times * one;
}

type Sizes = { readonly below: Sized; readonly items: number; readonly sized: Sized };

/** A list within a connection has the size that the connection was asked for. */
function timesOf({ name, type }: GraphQLField<unknown, unknown>, sizes: Sizes): number {
  if (sizes.sized.fields.includes(name)) return sizes.sized.items;
  if (!isListType(getNullableType(type))) return 1;
  return sizes.below === unsized ? sizes.items : listSizeAssumed;
}

type Sizing = { readonly field: GraphQLField<unknown, unknown>; readonly size: ListSize };

/** The largest of the slicing arguments as they will be understood; null is the usual number. */
function itemsOf({ variables }: Walk, node: FieldNode, { field, size }: Sizing): number {
  const asked = size.slicingArguments.flatMap((name) => {
    const given = node.arguments?.find((argument) => argument.name.value === name);
    const value = given ? plainValue(given.value, variables) : undefined;
    const understood = value ?? field.args.find((one) => one.name === name)?.defaultValue;
    return typeof understood === 'number' ? [Math.max(0, understood)] : [];
  });
  return asked.length > 0 ? Math.max(...asked) : (size.assumedSize ?? listSizeAssumed);
}

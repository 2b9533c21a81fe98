import type {
  ConstArgumentNode,
  ConstDirectiveNode,
  ConstValueNode,
  DocumentNode,
  FieldDefinitionNode,
  FieldNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { isCompositeType, Kind, parse, valueFromASTUntyped } from 'graphql';

/** How many items a field answers, as `@listSize` says it. */
export type ListSize = {
  readonly assumedSize: number | null;
  readonly slicingArguments: readonly string[];
  /** The lists below this field that have its size; empty when the field is the list itself. */
  readonly sizedFields: readonly string[];
};

/** What the supergraph says of cost, by type and by `Type.field`. */
export type CostWeights = {
  readonly ofType: (type: GraphQLNamedType) => number;
  readonly ofField: (coordinate: string) => number | null;
  readonly ofArgument: (coordinate: string, argument: string) => number;
  readonly listSize: (coordinate: string) => ListSize | null;
};

/** An operation with all that its cost depends on, but for its variables. */
export type Costed = {
  readonly schema: GraphQLSchema;
  readonly weights: CostWeights;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
};

/** Points of a question about the schema itself. */
export const introspectionWeight = 100;
export const isIntrospection = (field: string) => field === '__schema' || field === '__type';

export const argumentsCost = (weights: CostWeights, coordinate: string, node: FieldNode): number =>
  (node.arguments ?? []).reduce(
    (sum, argument) => sum + weights.ofArgument(coordinate, argument.name.value),
    0,
  );

/** Of an object, interface or union; what has no fields is free. */
const compositeWeight = 1;

/** Reads `@cost` and `@listSize` of the IBM cost specification, as Apollo Federation imports it. */
export function costWeightsIn(supergraphSdl: string): CostWeights {
  const weights = new Map<string, number>();
  const sizes = new Map<string, ListSize>();
  for (const { name, directives, fields } of definitionsIn(parse(supergraphSdl))) {
    note(weights, name, directives);
    for (const field of fields) {
      const coordinate = `${name}.${field.name.value}`;
      note(weights, coordinate, field.directives);
      const size = listSizeOf(field);
      if (size) sizes.set(coordinate, size);
      for (const argument of field.arguments ?? []) {
        note(weights, `${coordinate}(${argument.name.value})`, argument.directives);
      }
    }
  }
  return {
    ofType: (type) => weights.get(type.name) ?? (isCompositeType(type) ? compositeWeight : 0),
    ofField: (coordinate) => weights.get(coordinate) ?? null,
    ofArgument: (coordinate, argument) => weights.get(`${coordinate}(${argument})`) ?? 0,
    listSize: (coordinate) => sizes.get(coordinate) ?? null,
  };
}

type Definition = {
  readonly name: string;
  readonly directives: readonly ConstDirectiveNode[] | undefined;
  readonly fields: readonly FieldDefinitionNode[];
};

const definitionsIn = ({ definitions }: DocumentNode): Definition[] =>
  definitions.flatMap((node): Definition[] => {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        return [{ name: node.name.value, directives: node.directives, fields: node.fields ?? [] }];
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
        return [{ name: node.name.value, directives: node.directives, fields: [] }];
      default:
        return [];
    }
  });

type Directives = readonly ConstDirectiveNode[] | undefined;

function note(weights: Map<string, number>, place: string, directives: Directives): void {
  const weight = argumentsOf('cost', directives)?.['weight'];
  if (typeof weight === 'number') weights.set(place, Math.max(0, weight));
}

function listSizeOf({ directives }: FieldDefinitionNode): ListSize | null {
  const given = argumentsOf('listSize', directives);
  if (!given) return null;
  const { assumedSize } = given;
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : null,
    slicingArguments: texts(given['slicingArguments']),
    sizedFields: texts(given['sizedFields']),
  };
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

type Values = Readonly<Record<string, unknown>>;

/** A supergraph may name the directive by the feature it belongs to. */
function argumentsOf(name: string, directives: Directives): Values | null {
  const named = [name, `cost__${name}`, `federation__${name}`];
  const found = directives?.find((directive) => named.includes(directive.name.value));
  if (!found) return null;
  return Object.fromEntries((found.arguments ?? []).map(entryOf));
}

const entryOf = ({ name, value }: ConstArgumentNode): [string, unknown] => [
  name.value,
  plain(value),
];
const plain = (value: ConstValueNode): unknown => valueFromASTUntyped(value);

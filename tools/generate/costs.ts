import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parseConstValue,
  type TypeNode,
  visit,
} from 'graphql';

/**
 * How many items a list has that no argument slices: what a customer with much has, not the most
 * that the field may answer. A list that is not here, and is not sliced, counts as ten.
 */
const assumedSizes: Readonly<Record<string, number>> = {
  'Account.currentHoldings': 50,
  'Account.orders': 100,
  'Query.accounts': 5,
  'Query.assetsNamed': 50,
  'Query.customersNamed': 50,
  'Query.holdings': 50,
  'Query.prices': 100,
  'RebalanceRun.items': 50,
  'Statement.positions': 50,
};

/** Points of what is dearer than a row: folds over a history, texts of a whole period, a hash. */
const weights: Readonly<Record<string, number>> = {
  'Account.activitiesCsv': 50,
  'Account.allocation': 5,
  'Account.drift': 5,
  'Account.performance': 20,
  'Mutation.changePassword': 10,
  'Mutation.signIn': 10,
  'Mutation.signUp': 10,
  'Query.assetFacets': 10,
  'Query.orderAsOf': 5,
  'Query.previewOrder': 5,
  'Statement.csv': 10,
  'Statement.json': 10,
};

/** Parts of the row they stand in, which nobody fetches. */
const free: ReadonlySet<string> = new Set(['Money', 'OrderFees', 'PageInfo', 'Quote']);

const slicing: ReadonlySet<string> = new Set(['first', 'last', 'size']);

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/**
 * Adds `@cost` and `@listSize` (IBM cost specification) where a schema does not have them itself:
 * a list, or a page of one, has the size of its slicing argument; the rest is in the tables above.
 */
export function withCosts(document: DocumentNode): DocumentNode {
  const lists = listsOf(document);
  const costed = <Node extends ObjectNode>(type: Node): Node => ({
    ...type,
    directives: [...(type.directives ?? []), ...freeOf(type)],
    fields: (type.fields ?? []).map((field) => costedField(field, type, lists)),
  });
  return visit(document, { ObjectTypeDefinition: costed, ObjectTypeExtension: costed });
}

/** The fields of each type that are lists, so that a page's lists can be named. */
function listsOf({ definitions }: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const lists = (definition.fields ?? []).filter(({ type }) => isList(type));
    found.set(
      definition.name.value,
      lists.map(({ name }) => name.value),
    );
  }
  return found;
}

function freeOf({ kind, name }: ObjectNode): ConstDirectiveNode[] {
  const isFree = kind === Kind.OBJECT_TYPE_DEFINITION && free.has(name.value);
  return isFree ? [directive('cost', { weight: 0 })] : [];
}

type Lists = ReturnType<typeof listsOf>;

function costedField(field: FieldDefinitionNode, { name }: ObjectNode, lists: Lists) {
  const coordinate = `${name.value}.${field.name.value}`;
  const added: ConstDirectiveNode[] = [];
  const size = has(field, 'listSize') ? null : sizeOf(field, coordinate, lists);
  if (size) added.push(directive('listSize', { ...size, requireOneSlicingArgument: false }));
  const weight = has(field, 'cost') ? undefined : weights[coordinate];
  if (weight !== undefined) added.push(directive('cost', { weight }));
  return { ...field, directives: [...(field.directives ?? []), ...added] };
}

function sizeOf(field: FieldDefinitionNode, coordinate: string, lists: Lists): object | null {
  const slicingArguments = (field.arguments ?? [])
    .filter(({ name, type }) => slicing.has(name.value) && nameOf(type) === 'Int')
    .map(({ name }) => name.value);
  const assumedSize = assumedSizes[coordinate];
  if (slicingArguments.length === 0) return assumedSize === undefined ? null : { assumedSize };
  if (isList(field.type)) return { slicingArguments };
  const sizedFields = lists.get(nameOf(field.type)) ?? [];
  return sizedFields.length > 0 ? { slicingArguments, sizedFields } : null;
}

const has = ({ directives = [] }: FieldDefinitionNode, name: string): boolean =>
  directives.some((one) => one.name.value === name || one.name.value === `federation__${name}`);

const isList = (type: TypeNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;

const nameOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);

/** By its full name, which needs no import in the schema. */
const directive = (name: string, given: object): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: `federation__${name}` },
  arguments: Object.entries(given).map(([argument, value]) => ({
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: argument },
    value: parseConstValue(JSON.stringify(value)),
  })),
});

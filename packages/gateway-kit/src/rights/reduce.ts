import type {
  DocumentNode,
  FieldNode,
  GraphQLCompositeType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { getNamedType, isAbstractType, isCompositeType, isUnionType, Kind, visit } from 'graphql';
import { fragmentOf } from '../operations/fragment.ts';

type Kept = {
  /** What may run; null when nothing remains. */
  readonly reduced: {
    readonly document: DocumentNode;
    readonly definition: OperationDefinitionNode;
  } | null;
  /** A field of the operation's root is among those refused. */
  readonly refusesRoot: boolean;
  /** The fields of the operation as it was asked that may not be answered. */
  readonly refused: ReadonlySet<FieldNode>;
  /** The key under which the reduced operation asks for the type of an object. */
  readonly typeKey: string;
};

type Reducing = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly mayAnswer: (parent: GraphQLCompositeType, field: string) => boolean;
};

type Walk = Reducing & {
  readonly root: GraphQLCompositeType | null;
  readonly typeKey: string;
  readonly refused: Set<FieldNode>;
  refusesRoot: boolean;
  readonly fragments: Map<string, SelectionSetNode | null>;
};

/**
 * The operation without the fields that may not be answered. An object of which nothing remains is
 * still asked for, by its type: whether it exists is a part of the answer.
 */
export function reduced(definition: OperationDefinitionNode, reducing: Reducing): Kept {
  const { schema, document } = reducing;
  const root = schema.getRootType(definition.operation) ?? null;
  const walk: Walk = {
    ...reducing,
    root,
    typeKey: freeName(document),
    refused: new Set(),
    refusesRoot: false,
    fragments: new Map(),
  };
  const selectionSet = root && keptOf(walk, definition.selectionSet, root);
  const { refused, typeKey, refusesRoot } = walk;
  if (!selectionSet) return { reduced: null, refused, typeKey, refusesRoot };
  const kept = withItsVariables({ ...definition, selectionSet }, walk);
  const rest = { document: documentOf(kept, walk), definition: kept };
  return { reduced: rest, refused, typeKey, refusesRoot };
}

/** No selection of the caller may bear the name under which we ask for types. */
function freeName(document: DocumentNode): string {
  const taken = new Set<string>();
  visit(document, { Field: ({ alias, name }) => void taken.add((alias ?? name).value) });
  let name = 'typeForRights';
  while (taken.has(name)) name += '_';
  return name;
}

function keptOf(walk: Walk, set: SelectionSetNode, parent: GraphQLCompositeType) {
  const selections = set.selections.flatMap((selection) => keptSelection(walk, selection, parent));
  return selections.length === 0 ? null : { ...set, selections };
}

function keptSelection(
  walk: Walk,
  selection: SelectionNode,
  parent: GraphQLCompositeType,
): SelectionNode[] {
  if (selection.kind === Kind.FIELD) return keptField(walk, selection, parent);
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    return keptFragment(walk, selection.name.value) ? [selection] : [];
  }
  const named = selection.typeCondition?.name.value;
  const type = named === undefined ? parent : walk.schema.getType(named);
  if (!isCompositeType(type)) return [];
  const selectionSet = keptOf(walk, selection.selectionSet, type);
  return selectionSet ? [{ ...selection, selectionSet }] : [];
}

/** Each fragment is looked into once, wherever it is spread. */
function keptFragment(walk: Walk, name: string): SelectionSetNode | null {
  const known = walk.fragments.get(name);
  if (known !== undefined) return known;
  const fragment = fragmentOf(walk.document, name);
  const type = fragment && walk.schema.getType(fragment.typeCondition.name.value);
  const kept = isCompositeType(type) && fragment ? keptOf(walk, fragment.selectionSet, type) : null;
  walk.fragments.set(name, kept);
  return kept;
}

function keptField(walk: Walk, node: FieldNode, parent: GraphQLCompositeType): FieldNode[] {
  const name = node.name.value;
  if (!walk.mayAnswer(parent, name)) {
    walk.refused.add(node);
    if (parent === walk.root) walk.refusesRoot = true;
    return [];
  }
  const field = isUnionType(parent) ? undefined : parent.getFields()[name];
  const type = field && getNamedType(field.type);
  if (!node.selectionSet || !isCompositeType(type)) return [node];
  const kept = keptOf(walk, node.selectionSet, type);
  if (kept && !isAbstractType(type)) return [{ ...node, selectionSet: kept }];
  const selections = [...(kept?.selections ?? []), typeField(walk.typeKey)];
  return [{ ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } }];
}

const typeField = (key: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: key },
  name: { kind: Kind.NAME, value: '__typename' },
});

/** The operation with the fragments that it still spreads; the others of the text are not run. */
function documentOf(kept: OperationDefinitionNode, { document, fragments }: Walk): DocumentNode {
  const used = spreadBy(kept.selectionSet, fragments);
  const definitions = document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION || !used.has(definition.name.value)) return [];
    const selectionSet = fragments.get(definition.name.value);
    return selectionSet ? [{ ...definition, selectionSet }] : [];
  });
  return { kind: Kind.DOCUMENT, definitions: [kept, ...definitions] };
}

function spreadBy(set: SelectionSetNode, fragments: Walk['fragments']): ReadonlySet<string> {
  const used = new Set<string>();
  const look = (within: SelectionSetNode) =>
    visit(within, {
      FragmentSpread({ name: { value: name } }) {
        if (used.has(name)) return;
        used.add(name);
        const inner = fragments.get(name);
        if (inner) look(inner);
      },
    });
  look(set);
  return used;
}

/** A variable that nothing uses any more would make the operation invalid. */
function withItsVariables(kept: OperationDefinitionNode, walk: Walk): OperationDefinitionNode {
  const used = new Set<string>();
  const names = spreadBy(kept.selectionSet, walk.fragments);
  const sets = [...names].flatMap((name) => walk.fragments.get(name) ?? []);
  const note = { Variable: ({ name }: { name: { value: string } }) => void used.add(name.value) };
  for (const node of [kept.selectionSet, ...sets, ...(kept.directives ?? [])]) visit(node, note);
  const given = kept.variableDefinitions ?? [];
  return {
    ...kept,
    variableDefinitions: given.filter(({ variable }) => used.has(variable.name.value)),
  };
}

import type {
  FieldNode,
  GraphQLCompositeType,
  SelectionSetNode,
  ValidationContext,
  ValidationRule,
} from 'graphql';
import {
  GraphQLError,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
} from 'graphql';

type Lists = ReadonlySet<string>;

/**
 * Refuses a list inside itself, such as the orders of the account of each of an account's orders:
 * a hundred of them are a million rows at the third level, which other bounds count as a few.
 */
export const noListInItself: ValidationRule = (context) => ({
  OperationDefinition({ operation, selectionSet }) {
    const root = context.getSchema().getRootType(operation);
    if (root) listsIn({ context, known: new Map() }, selectionSet, root);
  },
});

type Walk = { readonly context: ValidationContext; readonly known: Map<string, Lists> };

/** The lists that a selection asks for, at any depth; each fragment is looked into once. */
function listsIn(
  walk: Walk,
  { selections }: SelectionSetNode,
  parent: GraphQLCompositeType,
): Lists {
  return new Set(
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [...ofField(walk, selection, parent)];
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        return [...ofFragment(walk, selection.name.value)];
      }
      const named = selection.typeCondition?.name.value;
      const type = named ? walk.context.getSchema().getType(named) : parent;
      return isCompositeType(type) ? [...listsIn(walk, selection.selectionSet, type)] : [];
    }),
  );
}

function ofFragment(walk: Walk, name: string): Lists {
  const { context, known } = walk;
  const found = known.get(name);
  if (found) return found;
  known.set(name, new Set()); // a fragment within itself is refused by another rule
  const fragment = context.getFragment(name);
  const type = fragment && context.getSchema().getType(fragment.typeCondition.name.value);
  if (!fragment || !isCompositeType(type)) return new Set();
  const lists = listsIn(walk, fragment.selectionSet, type);
  known.set(name, lists);
  return lists;
}

function ofField(walk: Walk, node: FieldNode, parent: GraphQLCompositeType): Lists {
  const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
  const type = field && getNamedType(field.type);
  if (!field || !node.selectionSet || !isCompositeType(type)) return new Set();
  const inner = listsIn(walk, node.selectionSet, type);
  if (!isListType(getNullableType(field.type))) return inner;
  const list = `${parent.name}.${field.name}`;
  if (inner.has(list)) {
    const message = `The list ${list} may not be asked for inside itself.`;
    walk.context.reportError(new GraphQLError(message, { nodes: node }));
  }
  return new Set([...inner, list]);
}

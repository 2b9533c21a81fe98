import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';
import { isAbstractType, isObjectType, Kind } from 'graphql';
import { fragmentOf } from './fragment.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** Whether a selection with this type condition says anything about an object of this type. */
export function applies(schema: GraphQLSchema, condition: string | null, type: string): boolean {
  if (condition === null || condition === type) return true;
  const wider = schema.getType(condition);
  const own = schema.getType(type);
  if (isAbstractType(own)) return true;
  return isAbstractType(wider) && isObjectType(own) && schema.isSubType(wider, own);
}

/** `@skip` and `@include` as these variables decide them. */
export const isIncluded = ({ directives = [] }: SelectionNode, variables: Variables): boolean =>
  !directives.some(
    (directive) =>
      (directive.name.value === 'skip' && condition(directive, variables) === true) ||
      (directive.name.value === 'include' && condition(directive, variables) === false),
  );

function condition({ arguments: given = [] }: DirectiveNode, variables: Variables): unknown {
  const value = given.find(({ name }) => name.value === 'if')?.value;
  return value && plainValue(value, variables);
}

export function plainValue(value: ValueNode, variables: Variables): unknown {
  if (value.kind === Kind.VARIABLE) return variables[value.name.value];
  if (value.kind === Kind.INT) return Number(value.value);
  return value.kind === Kind.BOOLEAN ? value.value : null;
}

/** What a selection leads to: a field, or more selections under a type condition. */
export type Selected =
  | { readonly field: FieldNode }
  | { readonly condition: string | null; readonly inner: SelectionSetNode };

export function selected(selection: SelectionNode, document: DocumentNode): Selected | null {
  switch (selection.kind) {
    case Kind.FIELD:
      return { field: selection };
    case Kind.INLINE_FRAGMENT: {
      const { typeCondition, selectionSet } = selection;
      return { condition: typeCondition?.name.value ?? null, inner: selectionSet };
    }
    case Kind.FRAGMENT_SPREAD: {
      const fragment = fragmentOf(document, selection.name.value);
      if (!fragment) return null;
      return { condition: fragment.typeCondition.name.value, inner: fragment.selectionSet };
    }
  }
}

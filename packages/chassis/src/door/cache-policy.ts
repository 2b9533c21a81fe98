import type { ApolloServerPlugin } from '@apollo/server';
import type {
  DirectiveNode,
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
} from 'graphql';
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
} from 'graphql';

type Scope = 'PUBLIC' | 'PRIVATE';
/** As `@cacheControl` says it; what it does not say is undefined. */
type Hint = {
  readonly maxAge?: number | undefined;
  readonly scope?: Scope | undefined;
  readonly inheritMaxAge?: boolean | undefined;
};
/** What all fields of an operation allow together. */
type Policy = { maxAge: number; scope: Scope };

/**
 * Says in `cache-control` what `@cacheControl` allows for the fields that were asked for, read once
 * from each text: asking at each field of each object costs more than the fields. As Apollo does it
 * (nothing told is 0 for root fields and objects), but a scope that nobody told is PRIVATE.
 */
export function cachePolicyPlugin<C extends object>(): ApolloServerPlugin<C> {
  const known = new WeakMap<OperationDefinitionNode, string | null>();
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ document, operation, schema, response }) => {
        if (!document || !operation || response.body.kind !== 'single') return;
        if (response.body.singleResult.errors) return;
        const found = known.get(operation);
        const header = found === undefined ? headerOf(document, operation, schema) : found;
        known.set(operation, header);
        if (header) response.http.headers.set('cache-control', header);
      },
    }),
  };
}

function headerOf(
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
  schema: GraphQLSchema,
): string | null {
  const root = schema.getQueryType();
  if (operation !== OperationTypeNode.QUERY || !root) return null;
  const policy: Policy = { maxAge: Number.POSITIVE_INFINITY, scope: 'PUBLIC' };
  const fragments = new Map(
    document.definitions.flatMap((one): [string, FragmentDefinitionNode][] =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
    ),
  );
  const walk: Walk = { schema, fragments, policy, root };
  restrictBy(walk, selectionSet.selections, { type: root, scope: 'PRIVATE' });
  const { maxAge, scope } = policy;
  return maxAge > 0 && Number.isFinite(maxAge) ? `max-age=${maxAge}, ${scope.toLowerCase()}` : null;
}

type Walk = {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly policy: Policy;
  readonly root: GraphQLNamedType;
};
/** The scope is that of the object: fields that say nothing have it, too. */
type Place = { readonly type: GraphQLNamedType; readonly scope: Scope };

function restrictBy(walk: Walk, selections: readonly SelectionNode[], place: Place): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const { name, selectionSet } = selection;
      restrictByField(walk, { name: name.value, inner: selectionSet?.selections ?? [] }, place);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : walk.fragments.get(selection.name.value);
    if (!fragment) continue;
    const named = fragment.typeCondition?.name.value;
    const type = named ? (walk.schema.getType(named) ?? place.type) : place.type;
    restrictBy(walk, fragment.selectionSet.selections, entered(walk, type, place));
  }
}

/** Entities come as a union without a hint of its own: each type of them says its own. */
function entered({ policy }: Walk, type: GraphQLNamedType, place: Place): Place {
  if (place.type.name !== '_Entity') return { ...place, type };
  const { maxAge = 0, scope = 'PRIVATE' } = hintOfType(type);
  restrict(policy, maxAge, scope);
  return { type, scope };
}

type Asked = { readonly name: string; readonly inner: readonly SelectionNode[] };

function restrictByField(walk: Walk, { name, inner }: Asked, place: Place): void {
  if (name === '__typename') return;
  const { policy, root } = walk;
  const field = fieldsOf(place.type)?.[name];
  const type = field && getNamedType(field.type);
  if (!type) {
    restrict(policy, 0, 'PRIVATE');
    return;
  }
  if (type.name === '_Entity') {
    restrictBy(walk, inner, { type, scope: 'PRIVATE' });
    return;
  }
  const own = hintIn(field.astNode?.directives);
  const ofType = isCompositeType(type) ? hintOfType(type) : {};
  const inherits = ofType.inheritMaxAge || (own.inheritMaxAge && ofType.maxAge === undefined);
  const nothingTold = place.type === root || (isCompositeType(type) && !inherits) ? 0 : undefined;
  const scope = own.scope ?? ofType.scope ?? place.scope;
  restrict(policy, own.maxAge ?? ofType.maxAge ?? nothingTold, scope);
  restrictBy(walk, inner, { type, scope });
}

const fieldsOf = (type: GraphQLNamedType): Record<string, GraphQLField<unknown, unknown>> | null =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields() : null;

function restrict(policy: Policy, maxAge: number | undefined, scope: Scope): void {
  if (maxAge !== undefined) policy.maxAge = Math.min(policy.maxAge, maxAge);
  if (scope === 'PRIVATE') policy.scope = scope;
}

function hintOfType({ astNode, extensionASTNodes }: GraphQLNamedType): Hint {
  const nodes = [astNode, ...extensionASTNodes];
  return hintIn(nodes.flatMap((node) => node?.directives ?? []));
}

function hintIn(directives: readonly DirectiveNode[] | undefined): Hint {
  const given = directives?.find(({ name }) => name.value === 'cacheControl')?.arguments ?? [];
  const values = new Map(given.map(({ name, value }) => [name.value, value]));
  const [maxAge, scope, inherits] = ['maxAge', 'scope', 'inheritMaxAge'].map((name) =>
    values.get(name),
  );
  const named = scope?.kind === Kind.ENUM ? scope.value : undefined;
  return {
    maxAge: maxAge?.kind === Kind.INT ? Number(maxAge.value) : undefined,
    scope: named === 'PUBLIC' || named === 'PRIVATE' ? named : undefined,
    inheritMaxAge: inherits?.kind === Kind.BOOLEAN && inherits.value,
  };
}

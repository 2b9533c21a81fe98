import { PublicError } from '@simplebank/chassis/errors';
import type {
  ArgumentNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  SelectionSetNode,
  ValueNode,
  VariableDefinitionNode,
} from 'graphql';
import { Kind, parse, print, valueFromASTUntyped, visit } from 'graphql';
import { fragmentOf } from '../operations/fragment.ts';
import type { Asked, Operation } from '../request/steps.ts';
import type { Feed } from './feeds.ts';

/** How much of a feed is read at once: what a slow client makes the gateway hold. */
const pageMax = 20;
const afterVariable = 'liveAfter';

/** A subscription as the query that is asked for it; its answer stands under `live`. */
export type FeedQuery = {
  readonly feed: Feed;
  /** Under which name the caller wants the answer. */
  readonly responseKey: string;
  readonly text: string;
  /** Where the caller wants to go on, by the variables of the subscription. */
  readonly after: (variables: Asked['variables']) => string | null;
  readonly variables: (given: Asked['variables'], after: string | null) => Asked['variables'];
};

/** Throws PublicError BAD_INPUT for a subscription to no feed, or to one under conditions. */
export function feedQueryOf(operation: Operation, feeds: readonly Feed[]): FeedQuery {
  const { document, definition } = operation;
  const root = rootField(document, definition.selectionSet);
  const feed = feeds.find(({ field }) => field === root.name.value);
  if (!feed || !root.selectionSet) {
    throw new PublicError('BAD_INPUT', 'Nothing is told live under this field.');
  }
  const query = feedField(feed, root, root.selectionSet);
  const fragments = fragmentsIn(document, query.selectionSet);
  const used = variablesIn([query, ...fragments]);
  const kept = (definition.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const text = print({
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...definition,
        operation: 'query',
        directives: [],
        variableDefinitions: [...kept, ...(feed.tells === 'all' ? [afterDefinition] : [])],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [query] },
      },
      ...fragments,
    ],
  } as DocumentNode);
  const names = new Set(kept.map(({ variable }) => variable.name.value));
  return {
    feed,
    responseKey: root.alias?.value ?? root.name.value,
    text,
    after: (variables) => afterIn(root, definition.variableDefinitions ?? [], variables),
    variables: (given, after) => ({
      ...Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name))),
      ...(feed.tells === 'all' ? { [afterVariable]: after } : {}),
    }),
  };
}

const afterDefinition = variableNode(`query ($${afterVariable}: String) { __typename }`);

function variableNode(text: string): VariableDefinitionNode {
  const [definition] = parse(text).definitions;
  const found =
    definition?.kind === Kind.OPERATION_DEFINITION ? definition.variableDefinitions?.[0] : null;
  if (!found) throw new Error(`no variable is defined in ${text}`);
  return found;
}

/** The one field of a subscription, behind fragments too; a condition could leave it without. */
function rootField(document: DocumentNode, { selections }: SelectionSetNode): FieldNode {
  const [selection, ...others] = selections;
  if (!selection || others.length > 0 || (selection.directives ?? []).length > 0) {
    throw new PublicError('BAD_INPUT', 'A subscription asks for one field, without conditions.');
  }
  if (selection.kind === Kind.FIELD) return selection;
  if (selection.kind === Kind.INLINE_FRAGMENT) return rootField(document, selection.selectionSet);
  const fragment = fragmentOf(document, selection.name.value);
  if (!fragment) throw new Error(`no fragment ${selection.name.value} in a checked document`);
  return rootField(document, fragment.selectionSet);
}

function feedField(feed: Feed, root: FieldNode, wanted: SelectionSetNode): FieldNode {
  const base: FieldNode = { ...root, alias: name('live'), name: name(feed.query) };
  if (feed.tells === 'latest') {
    return { ...base, selectionSet: selectionSet([...wanted.selections, field('liveId', 'id')]) };
  }
  const own = (root.arguments ?? []).filter((argument) => argument.name.value !== 'after');
  const node = selectionSet([...wanted.selections, field('liveCursor', 'cursor')]);
  return {
    ...base,
    arguments: [
      ...own,
      argument('after', { kind: Kind.VARIABLE, name: name(afterVariable) }),
      argument('first', { kind: Kind.INT, value: String(pageMax) }),
    ],
    selectionSet: selectionSet([
      field('accountId'),
      field('cursor'),
      field('hasMore'),
      { ...field('nodes'), selectionSet: node },
    ]),
  };
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
const selectionSet = (selections: SelectionSetNode['selections']): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections,
});
const argument = (key: string, value: ValueNode): ArgumentNode =>
  ({ kind: Kind.ARGUMENT, name: name(key), value }) as ArgumentNode;
const field = (alias: string, of?: string): FieldNode => ({
  kind: Kind.FIELD,
  name: name(of ?? alias),
  ...(of ? { alias: name(alias) } : {}),
});

/** The fragments that a selection needs, each once; others would be refused as unused. */
function fragmentsIn(document: DocumentNode, set: SelectionSetNode | undefined) {
  const found = new Map<string, FragmentDefinitionNode>();
  const look = (node: SelectionSetNode) =>
    visit(node, {
      FragmentSpread({ name: { value } }) {
        const fragment = found.has(value) ? undefined : fragmentOf(document, value);
        if (!fragment) return;
        found.set(value, fragment);
        look(fragment.selectionSet);
      },
    });
  if (set) look(set);
  return [...found.values()];
}

function variablesIn(nodes: readonly (FieldNode | FragmentDefinitionNode)[]): Set<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    visit(node, { Variable: (variable) => void found.add(variable.name.value) });
  }
  return found;
}

function afterIn(
  root: FieldNode,
  definitions: readonly VariableDefinitionNode[],
  variables: Asked['variables'],
): string | null {
  const given = root.arguments?.find((one) => one.name.value === 'after')?.value;
  if (!given) return null;
  const value = valueFromASTUntyped(given, { ...defaultsOf(definitions), ...variables });
  if (value === null || value === undefined || typeof value === 'string') return value ?? null;
  throw new PublicError('BAD_INPUT', 'Expected a cursor.', { field: 'after' });
}

const defaultsOf = (definitions: readonly VariableDefinitionNode[]) =>
  Object.fromEntries(
    definitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );

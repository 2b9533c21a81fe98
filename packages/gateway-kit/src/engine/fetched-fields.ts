import type { DocumentNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { Kind, parse } from 'graphql';
import { fragmentOf } from '../operations/fragment.ts';

type Path = readonly (string | number)[];

/** An answer of a thousand entities need not repeat a thousand times that one subgraph is down. */
const pathsMax = 20;

/**
 * Where the results of one request to a subgraph would have stood, as paths within its answer:
 * each root field, or each field of each entity. Lets a failure be told at the fields it costs.
 */
export function fetchedPaths(query: string, entities: number): readonly Path[] {
  const document = parse(query, { noLocation: true });
  const operation = operationIn(document);
  if (!operation) return [];

  const roots = fieldsOf(document, operation.selectionSet);
  const paths = roots.flatMap(({ name, selectionSet }): Path[] => {
    if (name !== '_entities' || !selectionSet) return [[name]];
    const names = [...new Set(fieldsOf(document, selectionSet).map((field) => field.name))];
    const indexes = Array.from({ length: Math.min(entities, pathsMax) }, (_, index) => index);
    return indexes.flatMap((index) => names.map((field) => [name, index, field]));
  });
  return paths.slice(0, pathsMax);
}

/** Whether a request is about entities, which no caller can ask for: only a plan does. */
export const asksForEntities = (query: string): boolean =>
  operationIn(parse(query, { noLocation: true }))?.selectionSet.selections.some(
    (root) => root.kind === Kind.FIELD && root.name.value === '_entities',
  ) ?? false;

const operationIn = ({ definitions }: DocumentNode): OperationDefinitionNode | undefined =>
  definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);

type Fetched = { readonly name: string; readonly selectionSet: SelectionSetNode | undefined };

/** The fields of a selection under their names in the answer, those of fragments too. */
function fieldsOf(document: DocumentNode, { selections }: SelectionSetNode): Fetched[] {
  return selections.flatMap((selection): Fetched[] => {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value === '__typename') return [];
      return [
        { name: (selection.alias ?? selection.name).value, selectionSet: selection.selectionSet },
      ];
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : fragmentOf(document, selection.name.value);
    return inner ? fieldsOf(document, inner.selectionSet) : [];
  });
}

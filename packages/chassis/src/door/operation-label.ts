import { type ExecutionResult, Kind, type OperationDefinitionNode } from 'graphql';

const labels = new WeakMap<OperationDefinitionNode, string>();

/**
 * `placeOrder` is `place_order`; an operation of several root fields bears its kind. The fields of
 * the schema bound the set, so it may label a metric or a span.
 */
export function operationLabel(definition: OperationDefinitionNode): string {
  const known = labels.get(definition);
  if (known !== undefined) return known;
  const label = labelOf(definition);
  labels.set(definition, label);
  return label;
}

function labelOf({ operation, selectionSet }: OperationDefinitionNode): string {
  const [first, ...others] = selectionSet.selections;
  if (first?.kind !== Kind.FIELD || others.length > 0) return operation;
  return first.name.value
    .replace(/^_+/, '')
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A refusal shows itself where the type of a union was asked for, as gateways always do. */
export const isRefusal = (data: ExecutionResult['data']): boolean =>
  Object.values(data ?? {}).some(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      '__typename' in value &&
      String(value.__typename).endsWith('Refusal'),
  );

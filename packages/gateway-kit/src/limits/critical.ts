import type { OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { fragmentOf } from '../operations/fragment.ts';
import type { Operation } from '../request/steps.ts';

/** What customers must be able to do when everything else has to wait. */
const criticalFields = ['placeOrder', 'cancelOrder', 'signIn', 'refresh'];
const named = new RegExp(`\\b(${criticalFields.join('|')})\\b`);

/** Says no of most texts before any of them is parsed; a yes is to be checked. */
export const mayBeCritical = (text: string): boolean => named.test(text);

const known = new WeakMap<OperationDefinitionNode, boolean>();

/** A mutation of nothing but critical fields, whatever else its document holds. */
export function isCritical({ definition, document }: Operation): boolean {
  const found = known.get(definition);
  if (found !== undefined) return found;
  const critical =
    definition.operation === 'mutation' &&
    rootFields(document, definition.selectionSet).every((name) => criticalFields.includes(name));
  known.set(definition, critical);
  return critical;
}

/** Fragments within themselves were refused before. */
const rootFields = (
  document: Operation['document'],
  { selections }: SelectionSetNode,
): readonly string[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return rootFields(document, selection.selectionSet);
    }
    const fragment = fragmentOf(document, selection.name.value);
    return fragment ? rootFields(document, fragment.selectionSet) : [];
  });

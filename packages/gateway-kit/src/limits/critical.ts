import type { OperationDefinitionNode } from 'graphql';
import { rootFields } from '../operations/fragment.ts';
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

import type { Role, Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { DocumentNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { fragmentOf } from '../operations/fragment.ts';
import type { Operation } from '../request/steps.ts';

/** Who may run an operation at all, checked before any work is done for it. */
export type Access = {
  /** Root fields open to a caller without a token. */
  readonly anonymousFields: readonly string[];
  /** A caller with a token needs one of these. */
  readonly roles: readonly Role[];
};

/** Refuses the whole operation; introspection passes, its own switch decides about it. */
export function checkAccess(access: Access, viewer: Viewer, operation: Operation): void {
  const { document, definition } = operation;
  const asked = rootFields(document, definition.selectionSet).filter((name) => !isMeta(name));
  if (asked.length === 0) return;
  if (viewer.kind === 'anonymous') {
    if (asked.every((name) => access.anonymousFields.includes(name))) return;
    throw new PublicError('UNAUTHENTICATED', 'Please sign in.');
  }
  if (!viewer.roles.some((role) => access.roles.includes(role))) {
    throw new PublicError('FORBIDDEN', 'This gateway is for the staff of the bank.');
  }
}

const isMeta = (name: string) => name.startsWith('__');

/** Each fragment is looked into once: spreads may repeat, names need not. */
function rootFields(document: DocumentNode, root: SelectionSetNode): string[] {
  const seen = new Set<string>();
  const namesIn = ({ selections }: SelectionSetNode): string[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection.name.value];
      if (selection.kind === Kind.INLINE_FRAGMENT) return namesIn(selection.selectionSet);
      const name = selection.name.value;
      if (seen.has(name)) return [];
      seen.add(name);
      const fragment = fragmentOf(document, name);
      return fragment ? namesIn(fragment.selectionSet) : [];
    });
  return namesIn(root);
}

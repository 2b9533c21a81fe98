import type { ApolloServerPlugin } from '@apollo/server';
import type { Role, Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { DocumentNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { fragmentOf } from './fragment.ts';
import type { Story } from './story.ts';

/** Who may run an operation at all, checked before any work is done for it. */
export type Access = {
  /** Root fields open to a caller without a token. */
  readonly anonymousFields: readonly string[];
  /** A caller with a token needs one of these. */
  readonly roles: readonly Role[];
};

type Asked = { readonly document: DocumentNode; readonly operation: OperationDefinitionNode };

/** Refuses the whole operation; introspection passes, its own switch decides about it. */
export const accessGuard = (access: Access): ApolloServerPlugin<Story> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, document, operation }) => {
      if (operation) check(access, contextValue.viewer, { document, operation });
    },
  }),
});

function check(access: Access, viewer: Viewer, { document, operation }: Asked): void {
  const asked = rootFields(document, operation.selectionSet).filter((name) => !isMeta(name));
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

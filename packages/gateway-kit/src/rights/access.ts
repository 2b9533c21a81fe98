import type { Role, Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { rootFields } from '../operations/fragment.ts';
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

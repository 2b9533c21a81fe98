import type { Viewer } from '@simplebank/chassis/auth';
import type { Operation } from '../request/steps.ts';
import { type Access, checkAccess } from './access.ts';

export type Rights = {
  /** Throws PublicError UNAUTHENTICATED or FORBIDDEN for an operation that may not run at all. */
  readonly check: (operation: Operation, viewer: Viewer) => void;
};

export const createRights = (access: Access | undefined): Rights => ({
  check: (operation, viewer) => {
    if (access) checkAccess(access, viewer, operation);
  },
});

import type { Role, Viewer } from '@simplebank/chassis/auth';
import type { HeldRights } from './requirement.ts';

/** The scopes that each role brings; a scope says what may be read. */
const scopesOf: Readonly<Record<Role, readonly string[]>> = {
  customer: [],
  support: ['staff'],
  operations: ['staff'],
  service: [],
};

const nobody: HeldRights = { authenticated: false, scopes: new Set(), policies: new Set() };

/** What a viewer may refer to: a policy bears the name of the role that may act. */
export function heldBy(viewer: Viewer): HeldRights {
  if (viewer.kind === 'anonymous') return nobody;
  return {
    authenticated: true,
    scopes: new Set(viewer.roles.flatMap((role) => scopesOf[role])),
    policies: new Set(viewer.roles),
  };
}

/** Viewers of one name hold the same rights; roles are few, so are names. */
export const nameOfRights = (viewer: Viewer): string =>
  viewer.kind === 'anonymous' ? 'anonymous' : `as ${viewer.roles.join(' ')}`;

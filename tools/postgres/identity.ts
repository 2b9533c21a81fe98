import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartProblem } from './problem.ts';

/** Whom the server runs as; null is whoever runs us. */
export type Identity = { readonly name: string; readonly uid: number; readonly gid: number } | null;

/** PostgreSQL refuses root. These users exist on most systems and own nothing of value. */
const unprivileged = ['postgres', '_postgres', 'nobody'];

const isRoot = (): boolean => process.getuid?.() === 0;

function lookUp(name: string): Identity {
  try {
    const ask = (flag: string) =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    return { name, uid: ask('-u'), gid: ask('-g') };
  } catch {
    return null;
  }
}

/**
 * Root's server runs as the owner of its data or as an unprivileged user; others' as themselves.
 * @throws StartProblem when root's system has no such user
 */
export function identityFor(data: string): Identity {
  if (!isRoot()) return null;
  const owner = existsSync(data) ? statSync(data) : null;
  if (owner && owner.uid !== 0) {
    return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of unprivileged) {
    const found = lookUp(name);
    if (found) return found;
  }
  throw new StartProblem(
    'PostgreSQL refuses to run as root and there is neither a user postgres nor nobody',
    'start as an ordinary user, or add a system user named postgres',
  );
}

/** Whether this user may pass through every folder above `path`, and read it. */
export function canEnter(path: string, identity: Identity): boolean {
  if (!identity) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && !hasBits(folder, identity, folder === path ? 0o5 : 0o1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function hasBits(path: string, identity: NonNullable<Identity>, bits: number): boolean {
  const { mode, uid, gid } = statSync(path);
  if (uid === identity.uid) return ((mode >> 6) & bits) === bits;
  if (gid === identity.gid) return ((mode >> 3) & bits) === bits;
  return (mode & bits) === bits;
}

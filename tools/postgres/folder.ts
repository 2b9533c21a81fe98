import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { canEnter, type Identity, identityFor } from './identity.ts';
import { codeOf, StartProblem, wordsOf } from './problem.ts';

/** Where everything of one server lies. */
export type Folder = {
  /** What the caller named; the password, the lock and the log are here. */
  readonly home: string;
  /** PostgreSQL's own data; elsewhere when the database user cannot enter `home`. */
  readonly data: string;
  /** Room for what must be copied: the parent of `data`. */
  readonly reserve: string;
  readonly identity: Identity;
};

const elsewhereFile = 'elsewhere';
const passwordBytes = 24;

/** Folders that hold this server's data apart from `home`: what a reset has to remove as well. */
export function foldersElsewhere(home: string): readonly string[] {
  const file = join(resolve(home), elsewhereFile);
  return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
}

/**
 * Makes sure the folder can be used, and finds room for the data that the database user can enter.
 * `tell` hears one line when that is not the folder itself.
 * @throws StartProblem when the folder cannot be made, read or written
 */
export function openFolder(dataDir: string, tell: (line: string) => void): Folder {
  const home = resolve(dataDir);
  try {
    makeFolder(home);
    if (!statSync(home).isDirectory()) throw fileInTheWay;
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(home, error);
  }
  const [moved] = foldersElsewhere(home);
  const reserve = moved ?? reachable(home, tell);
  const data = join(reserve, 'data');
  return { home, data, reserve, identity: identityFor(data) };
}

/** Node's own recursive mkdir never ends where the system denies by ENOENT, as under /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function reachable(home: string, tell: (line: string) => void): string {
  const identity = identityFor(join(home, 'data'));
  if (!identity || canEnter(home, identity)) return home;
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const bases = [process.platform === 'linux' ? '/var/lib' : tmpdir(), tmpdir()];
  for (const base of bases) {
    const place = join(base, 'simplebank', name);
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 });
      if (!canEnter(place, identity)) continue;
      writeFileSync(join(home, elsewhereFile), `${place}\n`);
      tell(
        `The database user ${identity.name} cannot enter ${home}: its data is kept in ${place}.`,
      );
      return place;
    } catch {}
  }
  throw new StartProblem(
    `the database user ${identity.name} can enter neither ${home} nor ${bases.join(' nor ')}`,
    'set SIMPLEBANK_DATA_DIR to a folder that every user can enter',
  );
}

const fileInTheWay = Object.assign(new Error('a file is in the way'), { code: 'ENOTDIR' });

function unusable(home: string, error: unknown): StartProblem {
  const remedies: Record<string, string> = {
    EACCES: 'give yourself access to it, or set SIMPLEBANK_DATA_DIR to a folder of yours',
    EPERM: 'give yourself access to it, or set SIMPLEBANK_DATA_DIR to a folder of yours',
    EROFS: 'the disk is read-only; set SIMPLEBANK_DATA_DIR to a folder that can be written',
    ENOTDIR: 'a file is in the way; set SIMPLEBANK_DATA_DIR to a folder',
    EEXIST: 'a file is in the way; set SIMPLEBANK_DATA_DIR to a folder',
    ENOSPC: 'the disk is full; free some space',
  };
  const code = codeOf(error);
  return new StartProblem(
    `the data folder ${home} cannot be used (${code || wordsOf(error)})`,
    remedies[code] ?? 'set SIMPLEBANK_DATA_DIR to a folder of yours',
  );
}

/** The administrator's password, made at the first start and readable by its owner only. */
export function passwordOf({ home, data }: Folder): string {
  const file = join(home, 'password');
  try {
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    if (existsSync(data)) {
      throw new StartProblem(
        `${home} holds data, but its password file ${file} is gone`,
        'put the file back, or clear the data with npm run reset',
      );
    }
    const password = randomBytes(passwordBytes).toString('base64url');
    writeFileSync(file, password, { mode: 0o600, flag: 'wx' });
    return password;
  } catch (error) {
    throw error instanceof StartProblem ? error : unusable(file, error);
  }
}

/** Gives a path to the user that runs the server. */
export function handOver(path: string, identity: Identity): void {
  if (identity) chownSync(path, identity.uid, identity.gid);
}

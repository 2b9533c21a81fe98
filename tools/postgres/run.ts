import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Folder } from './folder.ts';
import { codeOf, StartProblem } from './problem.ts';

/** The server never sees our variables: PGDATA or LC_ALL of a shell would change what it does. */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'] as const;
  const values = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(values), LC_ALL: 'C', TZ: 'UTC' };
}

export type Start = {
  readonly args: readonly string[];
  readonly folder: Pick<Folder, 'identity' | 'reserve'>;
  readonly stdio?: StdioOptions;
};

/** Starts a program of PostgreSQL as its user, apart from our terminal's Ctrl-C. */
export function launch(path: string, { args, folder, stdio = 'pipe' }: Start): ChildProcess {
  const { identity, reserve } = folder;
  return spawn(path, args, {
    cwd: reserve,
    env: environment(),
    detached: process.platform !== 'win32',
    stdio,
    ...(identity ? { uid: identity.uid, gid: identity.gid } : {}),
  });
}

/**
 * Runs a program to its end.
 * @throws StartProblem with the last words of the program when it fails
 */
export function run(path: string, start: Start): Promise<void> {
  const child = launch(path, start);
  const said: Buffer[] = [];
  child.stdout?.on('data', (chunk) => said.push(chunk));
  child.stderr?.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(cannotRun(path, error)));
    child.on('close', (code) => {
      const words = Buffer.concat(said).toString().trim().split('\n').slice(-2).join(' ');
      if (code === 0) resolve();
      else reject(new StartProblem(`${path} ended with ${code}`, words || 'it gave no reason'));
    });
  });
}

/** The program itself could not be run: not executable here, or out of reach. */
export const cannotRun = (path: string, error: unknown): StartProblem =>
  new StartProblem(
    `PostgreSQL cannot be run from ${path} (${codeOf(error)})`,
    'its programs need a Linux with glibc, macOS or Windows',
  );

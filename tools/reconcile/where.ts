import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRunning } from '../distributed/supervisor/running.ts';
import type { Keys } from '../embedded/keys.ts';
import { contexts, type Environment, readSettings } from '../embedded/settings.ts';
import { urlAs } from '../migrate/databases.ts';
import { openFolder } from '../postgres/folder.ts';
import { isAlive } from '../postgres/lock.ts';
import { adminUrl, readPostmaster } from '../postgres/running.ts';

/** A cause why nothing could be compared, with its remedy. */
export class CannotReconcile extends Error {}

const variableOf = (context: string): string => `${context.toUpperCase()}_DATABASE_URL`;

/**
 * The databases of a bank whose variables are set, else of the distributed bank that runs from the
 * data folder, else of the embedded one there. Throws CannotReconcile when neither can be asked.
 */
export async function findDatabases(env: Environment): Promise<Readonly<Record<string, string>>> {
  const set = contexts.filter((context) => env[variableOf(context)]);
  if (set.length === 0) {
    const running = readRunning(readSettings(env).dataDir);
    return running ? databasesIn(running.env) : embeddedDatabases(env);
  }
  const missing = contexts.filter((context) => !set.includes(context)).map(variableOf);
  if (missing.length > 0) throw new CannotReconcile(`Not set: ${missing.join(', ')}`);
  return databasesIn(env);
}

const databasesIn = (env: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(contexts.map((context) => [context, env[variableOf(context)] ?? '']));

async function embeddedDatabases(env: Environment): Promise<Readonly<Record<string, string>>> {
  const { dataDir } = readSettings(env);
  const stopped = `The bank of ${dataDir} does not run: start it with npm start, and reconcile in \
a second terminal. For a distributed bank set ${contexts.map(variableOf).join(', ')}.`;
  const keyFile = join(dataDir, 'keys.json');
  if (!existsSync(keyFile)) throw new CannotReconcile(stopped);
  const postmaster = readPostmaster(openFolder(join(dataDir, 'postgres'), () => undefined));
  if (!postmaster || !isAlive(postmaster.pid)) throw new CannotReconcile(stopped);
  const { databasePasswords } = JSON.parse(await readFile(keyFile, 'utf8')) as Keys;
  const server = adminUrl(postmaster.port, '');
  return Object.fromEntries(
    contexts.map((context) => {
      const password = databasePasswords[context] ?? '';
      return [context, urlAs(server, { user: context, password, database: context })];
    }),
  );
}

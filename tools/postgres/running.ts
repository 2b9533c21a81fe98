import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { type Binaries, program } from './binaries.ts';
import type { Folder } from './folder.ts';
import { adminUser } from './initdb.ts';
import { isAlive } from './lock.ts';
import { codeOf, StartProblem } from './problem.ts';
import { run } from './run.ts';

/** What a PostgreSQL server notes about itself in its data folder. */
export type Postmaster = { readonly pid: number; readonly port: number };

const stopSeconds = 60;
const connectTimeoutMs = 5_000;

const noteOf = ({ data }: Folder): string => join(data, 'postmaster.pid');

export function readPostmaster(folder: Folder): Postmaster | null {
  try {
    const lines = readFileSync(noteOf(folder), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  } catch {
    return null;
  }
}

function isPostgres(pid: number): boolean {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
    }
    const command = execFileSync('ps', ['-p', String(pid), '-o', 'command=']).toString();
    return command.includes('postgres');
  } catch {
    return true; // It cannot be told, so nothing is deleted under a server that may be alive.
  }
}

export const adminUrl = (port: number, password: string): string =>
  `postgresql://${adminUser}:${password}@127.0.0.1:${port}/postgres`;

/** Whether the server at this port answers, is on its way, refuses us, or is not there. */
export async function probe(
  url: string,
  data: string,
): Promise<'ready' | 'starting' | 'foreign' | 'absent'> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query('SHOW data_directory');
    return realpathSync(rows[0].data_directory) === realpathSync(data) ? 'ready' : 'foreign';
  } catch (error) {
    if (error instanceof DatabaseError) return error.code === '57P03' ? 'starting' : 'foreign';
    return codeOf(error) === 'ECONNREFUSED' ? 'absent' : 'foreign';
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Looks for a server that outlived the process that started it. Gives its port when it can be used
 * on; stops it when it cannot; null when the way is free for a new one.
 * @throws StartProblem when it can be neither used nor stopped
 */
export async function adopt(
  folder: Folder,
  { binaries, password }: { binaries: Binaries; password: string },
): Promise<number | null> {
  const found = readPostmaster(folder);
  if (!found || !isAlive(found.pid)) return null; // PostgreSQL itself clears the note of a dead one
  if (!isPostgres(found.pid)) {
    rmSync(noteOf(folder), { force: true });
    return null;
  }
  const url = adminUrl(found.port, password);
  if (found.port > 0 && (await probe(url, folder.data)) === 'ready') return found.port;
  await stopServer(folder, binaries);
  return null;
}

/**
 * Ends the server of this folder: open transactions roll back, everything committed is on disk.
 * @throws StartProblem when it does not end in time
 */
export async function stopServer(folder: Folder, binaries: Binaries): Promise<void> {
  if (!readPostmaster(folder)) return;
  const args = ['stop', '-D', folder.data, '-m', 'fast', '-w', '-t', String(stopSeconds), '-s'];
  try {
    await run(program(binaries, 'pg_ctl'), { args, folder });
  } catch (error) {
    const left = readPostmaster(folder);
    if (!left || !isAlive(left.pid)) return;
    throw new StartProblem(
      `the database server of ${folder.home} (process ${left.pid}) does not end`,
      `end it by hand: kill -INT ${left.pid} (${error instanceof Error ? error.message : ''})`,
    );
  }
}

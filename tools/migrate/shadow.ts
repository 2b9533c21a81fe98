import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../postgres/server.ts';
import { urlAs } from './databases.ts';

/** A server for a moment: the one that is named, else one of our own that leaves nothing. */
export async function withServer<T>(
  adminUrl: string | undefined,
  work: (adminUrl: string) => Promise<T>,
): Promise<T> {
  if (adminUrl) return work(adminUrl);
  const dataDir = openTemporaryFolder('simplebank-shadow-');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const server = await startPostgres({ dataDir, say, settings: { fsync: 'off' } });
  try {
    return await work(server.adminUrl);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A new folder under the system's temporary one that root's database user may enter. */
export function openTemporaryFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
}

/** Gives `work` the URL of an empty database, and drops it afterwards. */
export async function withShadow<T>(
  adminUrl: string,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const name = `shadow_${randomBytes(6).toString('hex')}`;
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    return await work(urlAs(adminUrl, { database: name }));
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}

import { rmSync } from 'node:fs';
import pg from 'pg';
import { openTemporaryFolder } from '../tools/migrate/shadow.ts';
import { startPostgres } from '../tools/postgres/server.ts';

export type BenchServer = {
  readonly url: string;
  /** Version and durability, without which its figures mean little. */
  readonly facts: string;
  close(): Promise<void>;
};

/** The server that TEST_POSTGRES_URL names, else the one from npm, set as `npm start` has it. */
export async function openBenchServer(): Promise<BenchServer> {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given) return { url: given, facts: await factsOf(given), close: async () => {} };
  const dataDir = openTemporaryFolder('simplebank-bench-');
  const server = await startPostgres({ dataDir, say: (line) => console.error(line) });
  const close = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: server.adminUrl, facts: await factsOf(server.adminUrl), close };
}

async function factsOf(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query(
    "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync",
  );
  await client.end();
  return `PostgreSQL ${rows[0].version}, fsync ${rows[0].fsync}`;
}

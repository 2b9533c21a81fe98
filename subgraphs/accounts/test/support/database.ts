import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

const migrations = new URL('../../../../prisma/accounts/migrations/', import.meta.url);
const server = process.env['TEST_DATABASE_SERVER_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** A migrated database of its own for one test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `accounts_test_${randomBytes(6).toString('hex')}`;
  await run('postgres', `CREATE DATABASE ${name}`);
  const folders = readdirSync(migrations, { withFileTypes: true }).filter((f) => f.isDirectory());
  const sql = folders
    .map(({ name: folder }) => folder)
    .sort()
    .map((folder) => readFileSync(new URL(`${folder}/migration.sql`, migrations), 'utf8'));
  await run(name, sql.join('\n'));
  return {
    url: new URL(name, server).href,
    drop: () => run('postgres', `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function run(database: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: new URL(database, server).href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

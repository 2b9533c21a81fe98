import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

const server = process.env['TEST_DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** A database with the context's migrations; temporary until the testkit hands out its own. */
export async function createTestDatabase(context: string): Promise<TestDatabase> {
  const name = `test_${context}_${randomBytes(6).toString('hex')}`;
  await run(server, `CREATE DATABASE ${name}`);
  const at = new URL(server);
  at.pathname = name;
  const folder = new URL(`../../../prisma/${context}/migrations/`, import.meta.url);
  for (const entry of readdirSync(folder).sort()) {
    if (entry.endsWith('.toml')) continue;
    await run(at.href, readFileSync(new URL(`${entry}/migration.sql`, folder), 'utf8'));
  }
  return { url: at.href, drop: () => run(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

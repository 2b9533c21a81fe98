import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from 'pg';

const prismaFolder = fileURLToPath(new URL('../../prisma', import.meta.url));

/** One migration as it lies in the tree. */
export type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

/** What one context says its database should be. */
export type Source = {
  readonly context: string;
  readonly folder: string;
  readonly schema: string;
  readonly migrations: readonly Migration[];
};

/** Contexts with a Prisma schema, in the order of their names. */
export const contextsWithDatabase = (base = prismaFolder): readonly string[] =>
  readdirSync(base)
    .filter((name) => existsSync(join(base, name, 'schema.prisma')))
    .sort();

/**
 * Reads schema and migrations of a context.
 * @throws Error when the context has none
 */
export function readSource(context: string, base = prismaFolder): Source {
  const home = join(base, context);
  if (!existsSync(join(home, 'schema.prisma'))) {
    throw new Error(`prisma/${context}/schema.prisma does not exist`);
  }
  const folder = join(home, 'migrations');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const migrations = names
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .map((name) => readMigration(folder, name));
  return { context, folder, schema: readFileSync(join(home, 'schema.prisma'), 'utf8'), migrations };
}

function readMigration(folder: string, name: string): Migration {
  const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

type Applied = {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished: boolean;
  readonly logs: string | null;
};

/** What has to be done, or what stands in the way. */
export type Plan =
  | { readonly state: 'current' }
  | { readonly state: 'behind'; readonly missing: readonly string[] }
  | { readonly state: 'edited'; readonly name: string }
  | { readonly state: 'failed'; readonly name: string; readonly logs: string };

/** Compares the tree with Prisma's own table. A database that is ahead of the tree is current. */
export async function planFor(client: Client, { migrations }: Source): Promise<Plan> {
  const applied = await readApplied(client);
  const failed = applied.find(({ finished }) => !finished);
  if (failed) return { state: 'failed', name: failed.migration_name, logs: failed.logs ?? '' };
  const byName = new Map(applied.map((row) => [row.migration_name, row.checksum]));
  const edited = migrations.find(
    ({ name, checksum }) => (byName.get(name) ?? checksum) !== checksum,
  );
  if (edited) return { state: 'edited', name: edited.name };
  const missing = migrations.map(({ name }) => name).filter((name) => !byName.has(name));
  return missing.length === 0 ? { state: 'current' } : { state: 'behind', missing };
}

async function readApplied(client: Client): Promise<readonly Applied[]> {
  const table = await client.query("SELECT to_regclass('public._prisma_migrations') AS found");
  if (table.rows[0].found === null) return [];
  const { rows } = await client.query<Applied>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, logs
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

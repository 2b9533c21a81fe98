import { Client, type DatabaseError, escapeIdentifier } from 'pg';
import { StartProblem, wordsOf } from '../postgres/problem.ts';
import { everything, migrationList, openEngine } from './engine.ts';
import { type Plan, planFor, readSource, type Source } from './history.ts';

/** Keeps two migrators apart; not the number that Prisma's own engine locks inside. */
const lockKey = 5_247_001;
const lockWaitMs = 120_000;

/** A migration that cannot go on: the cause in PostgreSQL's words, and what to do. */
class MigrationProblem extends StartProblem {}

export type MigrateOptions = {
  readonly source: Source;
  readonly url: string;
  /** Forget the failure of the last run and try the same file again. */
  readonly retry?: boolean;
};

/**
 * Brings one database to the end of its migrations; gives the names of those applied now.
 * Loads the engine only when something is missing.
 * @throws MigrationProblem when a file fails, failed before, or was edited after it was applied
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const client = new Client({ connectionString: options.url });
  client.on('error', () => {});
  await client.connect();
  try {
    const plan = await planFor(client, options.source);
    if (plan.state === 'current' && (await tellsItsLevel(client))) return [];
    await client.query(`SET lock_timeout = ${lockWaitMs}`);
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    // The other migrator may have done it meanwhile.
    return await applyMissing(client, options);
  } finally {
    await client.end();
  }
}

async function applyMissing(client: Client, { source, url, retry }: MigrateOptions) {
  const plan = await planFor(client, source);
  if (plan.state === 'current') return tellLevel(client).then(() => []);
  if (plan.state === 'edited') throw editedProblem(source, plan.name);
  if (plan.state === 'failed' && !retry) throw failedProblem(source, plan);
  await admitService(client, source.context);
  const { engine, lastError, close } = await openEngine(source, { url });
  try {
    if (plan.state === 'failed') await engine.markMigrationRolledBack({ migrationName: plan.name });
    const list = { migrationsList: migrationList(source), filters: everything };
    const { appliedMigrationNames } = await engine.applyMigrations(list);
    await tellLevel(client);
    return appliedMigrationNames;
  } catch (error) {
    throw await applyProblem(error, { client, source, cause: lastError() });
  } finally {
    await close();
    await closeMigrationsTable(client, source.context);
  }
}

/** The service may use the tables that its migrations make, and never change their shape. */
async function admitService(client: Client, role: string): Promise<void> {
  const found = await client.query(
    'SELECT FROM pg_roles WHERE rolname = $1 AND rolname <> current_user',
    [role],
  );
  if (found.rowCount === 0) return;
  const name = escapeIdentifier(role);
  await client.query(`
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO ${name};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
      GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${name};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${name};`);
}

/** What was applied is nobody's business but the migrator's. */
async function closeMigrationsTable(client: Client, role: string): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      IF to_regclass('public._prisma_migrations') IS NOT NULL
         AND EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}' AND rolname <> current_user)
      THEN REVOKE ALL ON _prisma_migrations FROM ${escapeIdentifier(role)}; END IF;
    END $$`);
}

const levelOf = `SELECT coalesce(json_agg(migration_name ORDER BY migration_name), '[]')::text
  FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;

/** The service may not read the table above, so the schema's comment tells it what was applied. */
async function tellLevel(client: Client): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      IF to_regclass('public._prisma_migrations') IS NOT NULL
      THEN EXECUTE format('COMMENT ON SCHEMA public IS %L', (${levelOf})); END IF;
    END $$`);
}

async function tellsItsLevel(client: Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT obj_description('public'::regnamespace, 'pg_namespace') = (${levelOf}) AS told
     WHERE to_regclass('public._prisma_migrations') IS NOT NULL`,
  );
  return rows[0]?.told === true;
}

function editedProblem({ context }: Source, name: string): MigrationProblem {
  return new MigrationProblem(
    `prisma/${context}/migrations/${name} was edited after it was applied`,
    'put the file back as it was, and write the change as a new one: ' +
      `npm run migrate:new -- ${context} <name>`,
  );
}

function failedProblem({ context }: Source, { name, logs }: Plan & { state: 'failed' }) {
  const why = logs.split('\n')[0] ?? '';
  return new MigrationProblem(
    `prisma/${context}/migrations/${name} failed before (${why})`,
    `nothing of it was kept; correct it, then: npm run migrate -- --retry ${context}`,
  );
}

type Failure = {
  readonly client: Client;
  readonly source: Source;
  readonly cause: DatabaseError | null;
};

async function applyProblem(error: unknown, { client, source, cause }: Failure) {
  const plan = await planFor(client, source);
  const name = plan.state === 'failed' ? plan.name : '';
  const migration = source.migrations.find((each) => each.name === name);
  const file = `prisma/${source.context}/migrations/${name}/migration.sql`;
  if (!cause || !migration) return new MigrationProblem(file, wordsOf(error));
  const before = migration.sql.slice(0, Number(cause.position ?? 0));
  const line = cause.position ? `:${before.split('\n').length}` : '';
  const more = [cause.detail, cause.hint].filter(Boolean).join(' ');
  const words = `${cause.message}${more ? ` (${more})` : ''}`;
  await noteCause(client, name, words);
  return new MigrationProblem(
    `${file}${line}: ${words}`,
    `nothing of it was kept; correct it, then: npm run migrate -- --retry ${source.context}`,
  );
}

/** The engine notes its own words; the next run shall find those of PostgreSQL. */
async function noteCause(client: Client, name: string, words: string): Promise<void> {
  await client.query(
    'UPDATE _prisma_migrations SET logs = $2 WHERE migration_name = $1 AND finished_at IS NULL',
    [name, words],
  );
}

/** Reads a context's migrations from the tree and applies what its database lacks. */
export const migrateContext = (context: string, url: string, retry = false) =>
  migrate({ source: readSource(context), url, retry });

import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';

/** What the global set-up of a test run tells its tests. */
export type TestServer = {
  /** Tells the databases of this run from those of others on the same server. */
  readonly run: string;
  /** Password of every context's role on a server of our own. */
  readonly rolePassword: string;
  /** Contexts whose migrations do not run, with PostgreSQL's words. */
  readonly broken: Readonly<Record<string, string>>;
};

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the run's PostgreSQL as its superuser. */
    postgresUrl: string;
    testServer: TestServer;
  }
}

export type TestDatabase = {
  /** As the context's own role, so that its grants are real. */
  readonly url: string;
  /** As the superuser, in the same database. */
  readonly adminUrl: string;
  /** Ends whatever is connected, and removes the database. */
  readonly drop: () => Promise<void>;
};

/** Name of the migrated database of a context from which the others are cloned. */
export const templateName = (run: string, context: string): string => `tpl_${run}_${context}`;

function urlOf(server: string, database: string, as?: { user: string; password: string }): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  if (as) Object.assign(url, { username: as.user, password: as.password });
  return url.href;
}

async function atServer(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * A database of its own for a test file, cloned from the context's migrated template.
 * @throws Error when the context's migrations do not run
 */
export async function createTestDatabase(context: string): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const { run, rolePassword, broken } = inject('testServer');
  const problem = broken[context];
  if (problem) throw new Error(`the migrations of ${context} do not run: ${problem}`);

  const name = `test_${run}_${context}_${randomBytes(4).toString('hex')}`;
  const id = escapeIdentifier(name);
  await atServer(server, [
    `CREATE DATABASE ${id} TEMPLATE ${escapeIdentifier(templateName(run, context))}`,
    `REVOKE ALL ON DATABASE ${id} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${id} TO ${escapeIdentifier(context)}`,
  ]);
  return {
    url: urlOf(server, name, { user: context, password: rolePassword }),
    adminUrl: urlOf(server, name),
    drop: () => atServer(server, [`DROP DATABASE IF EXISTS ${id} WITH (FORCE)`]),
  };
}

/** An empty database without an owner context, for tests of the messaging and of tools. */
export async function createEmptyDatabase(purpose: string): Promise<Omit<TestDatabase, 'url'>> {
  const server = inject('postgresUrl');
  const { run } = inject('testServer');
  const name = `test_${run}_${purpose}_${randomBytes(4).toString('hex')}`;
  const id = escapeIdentifier(name);
  await atServer(server, [`CREATE DATABASE ${id}`]);
  return {
    adminUrl: urlOf(server, name),
    drop: () => atServer(server, [`DROP DATABASE IF EXISTS ${id} WITH (FORCE)`]),
  };
}

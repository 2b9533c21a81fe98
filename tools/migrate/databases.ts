import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { migrateContext } from './apply.ts';

export type PrepareOptions = {
  /** A superuser's URL; the databases are made on its server. */
  readonly adminUrl: string;
  /** Database and role of each are named like the context. */
  readonly contexts: readonly string[];
  /**
   * Stands before the name of each database, so that several banks share a server. They share its
   * roles too, and so must give them the same passwords.
   */
  readonly databasePrefix?: string;
  /** Passwords of the contexts' roles, and of `queues`. */
  readonly passwordOf: (name: string) => string;
  readonly retry?: boolean;
  /** Hears which migrations were applied. */
  readonly onApplied?: (context: string, names: readonly string[]) => void;
};

/** The database of the job queues, where there is no Redis; its role owns it. */
export const queueDatabase = 'queues';

/** Keeps two that prepare one server apart. */
const lockKey = 5_247_002;

type Url = { readonly user: string; readonly password: string; readonly database: string };

/** The same server seen by another user or in another database. */
export function urlAs(adminUrl: string, { user, password, database }: Partial<Url>): string {
  const url = new URL(adminUrl);
  if (user !== undefined) url.username = encodeURIComponent(user);
  if (password !== undefined) url.password = encodeURIComponent(password);
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

/**
 * Makes role and database of every context and of the queues, and applies what migrations are
 * missing. Each role can open its own database only. Gives the services' URLs by name.
 * @throws MigrationProblem in PostgreSQL's own words
 */
export async function prepareDatabases(options: PrepareOptions): Promise<Record<string, string>> {
  const { adminUrl, contexts, passwordOf, retry = false, onApplied } = options;
  const { databasePrefix = '' } = options;
  const names = [...contexts, queueDatabase];
  await makeDatabases(options, names);
  await Promise.all(
    contexts.map(async (context) => {
      const url = urlAs(adminUrl, { database: `${databasePrefix}${context}` });
      const applied = await migrateContext(context, url, retry);
      onApplied?.(context, applied);
    }),
  );
  const urlOf = (name: string) =>
    urlAs(adminUrl, {
      ...{ user: name, password: passwordOf(name), database: `${databasePrefix}${name}` },
    });
  return Object.fromEntries(names.map((name) => [name, urlOf(name)]));
}

async function makeDatabases(options: PrepareOptions, names: readonly string[]) {
  const { adminUrl, passwordOf, databasePrefix = '' } = options;
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock($1)', [lockKey]);
    const known = await namesOf(admin);
    const roles = names.map((name) => {
      const verb = known.roles.has(name) ? 'ALTER' : 'CREATE';
      const rights = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE';
      const password = escapeLiteral(passwordOf(name));
      return `${verb} ROLE ${escapeIdentifier(name)} ${rights} PASSWORD ${password};`;
    });
    await admin.query(roles.join('\n'));
    const databases = names.map((role) => ({ role, database: `${databasePrefix}${role}` }));
    for (const each of databases) {
      if (!known.databases.has(each.database)) await makeDatabase(admin, each);
    }
    // Again for those that exist: the start that made one may have been killed before this.
    await closeToStrangers(admin);
    for (const each of databases) await openTo(admin, each);
  } finally {
    await admin.end();
  }
}

/** Everyone may open a new database unless told otherwise, the administrator's own included. */
async function closeToStrangers(admin: Client): Promise<void> {
  await admin.query(
    'REVOKE ALL ON DATABASE postgres FROM PUBLIC; REVOKE ALL ON DATABASE template1 FROM PUBLIC;',
  );
}

async function namesOf(admin: Client) {
  const { rows } = await admin.query<{ kind: string; name: string }>(
    `SELECT 'role' AS kind, rolname AS name FROM pg_roles
     UNION ALL SELECT 'database', datname FROM pg_database`,
  );
  const pick = (kind: string) =>
    new Set(rows.filter((row) => row.kind === kind).map(({ name }) => name));
  return { roles: pick('role'), databases: pick('database') };
}

type Place = { readonly database: string; readonly role: string };

async function makeDatabase(admin: Client, { database, role }: Place): Promise<void> {
  const owner = role === queueDatabase ? ` OWNER ${escapeIdentifier(role)}` : '';
  await admin.query(`CREATE DATABASE ${escapeIdentifier(database)}${owner}`);
}

/** Lets one role into a database, and nobody else but its owner. */
export async function openTo(admin: Client, { database, role }: Place): Promise<void> {
  const id = escapeIdentifier(database);
  await admin.query(
    `REVOKE ALL ON DATABASE ${id} FROM PUBLIC;
     GRANT CONNECT ON DATABASE ${id} TO ${escapeIdentifier(role)};`,
  );
}

import { templateName } from '@simplebank/testkit/database';
import { Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import { migrateContext } from '../../tools/migrate/apply.ts';
import { openTo, urlAs } from '../../tools/migrate/databases.ts';
import { contextsWithDatabase } from '../../tools/migrate/history.ts';

/** `duplicate_object` and, when two runs are at it at once, `unique_violation`. */
const existsAlready = ['42710', '23505'];

export type Templates = {
  readonly broken: Readonly<Record<string, string>>;
  readonly drop: () => Promise<void>;
};

/** One migrated database per context, from which tests clone theirs. */
export async function makeTemplates(
  adminUrl: string,
  { run, rolePassword }: { run: string; rolePassword: string },
): Promise<Templates> {
  const contexts = contextsWithDatabase();
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  const broken: Record<string, string> = {};
  try {
    for (const context of contexts) await makeRole(admin, context, rolePassword);
    for (const context of contexts) {
      const database = templateName(run, context);
      await admin.query(`CREATE DATABASE ${escapeIdentifier(database)} TEMPLATE template0`);
      await openTo(admin, { database, role: context });
    }
    const migrations = contexts.map((context) =>
      migrateContext(context, urlAs(adminUrl, { database: templateName(run, context) })).catch(
        (error: unknown) => {
          broken[context] = error instanceof Error ? error.message : String(error);
        },
      ),
    );
    await Promise.all(migrations);
  } finally {
    await admin.end();
  }
  return { broken, drop: () => dropAll(adminUrl, run) };
}

async function makeRole(admin: Client, role: string, password: string): Promise<void> {
  const id = escapeIdentifier(role);
  try {
    await admin.query(`CREATE ROLE ${id} LOGIN PASSWORD ${escapeLiteral(password)}`);
  } catch (error) {
    if (!(error instanceof DatabaseError && existsAlready.includes(error.code ?? ''))) throw error;
  }
}

/** Templates of this run, and whatever a test did not drop itself. */
async function dropAll(adminUrl: string, run: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE datname ~ $1',
      [`^(tpl|test)_${run}_`],
    );
    for (const { name } of rows) {
      await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    }
  } finally {
    await admin.end();
  }
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { difference } from './migrate/difference.ts';
import { contextsWithDatabase, readSource } from './migrate/history.ts';
import { withServer } from './migrate/shadow.ts';
import { StartProblem, wordsOf } from './postgres/problem.ts';

const namePattern = /^[a-z][a-z0-9_]{0,63}$/;

/** `20261121093000`, in UTC, so that migrations sort by the moment they were written. */
const timestamp = (): string => new Date().toISOString().replace(/\D/g, '').slice(0, 14);

function readArguments([context, name]: readonly string[]) {
  const known = contextsWithDatabase();
  if (!context || !name)
    throw new StartProblem('two names are needed', 'npm run migrate:new -- <context> <name>');
  if (!known.includes(context)) {
    throw new StartProblem(`${context} has no schema`, `name one of ${known.join(', ')}`);
  }
  if (!namePattern.test(name)) {
    throw new StartProblem(
      `${name} is no name for a migration`,
      'use snake_case, such as add_fee_schedule',
    );
  }
  return { context, name };
}

/** Writes the next migration of a context from the change of its schema; then edited by hand. */
async function main(args: readonly string[]): Promise<void> {
  const { context, name } = readArguments(args);
  const source = readSource(context);
  const sql = await withServer(process.env['SIMPLEBANK_ADMIN_DATABASE_URL'], (adminUrl) =>
    difference(source, adminUrl),
  );
  const folder = join(source.folder, `${timestamp()}_${name}`);
  mkdirSync(folder, { recursive: true });
  const lock = join(source.folder, 'migration_lock.toml');
  if (!existsSync(lock)) writeFileSync(lock, 'provider = "postgresql"\n');
  const nothing =
    '-- The schema did not change: checks, triggers, indexes and data are written by hand.';
  writeFileSync(join(folder, 'migration.sql'), `${sql || nothing}\n`);
  const file = relative(process.cwd(), join(folder, 'migration.sql'));
  process.stdout.write(
    `wrote ${file}\n` +
      'Read it. Expand, migrate, contract: code of the last release must run on it.\n' +
      'Add by hand what the schema cannot say: CHECKs, triggers, partial indexes, revokes.\n' +
      `Then: npm run migrate -- ${context} && npm run generate -- ${context}\n`,
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const cause = error instanceof Error && error.cause ? ` (${wordsOf(error.cause)})` : '';
  process.stderr.write(`migrate:new: ${wordsOf(error)}${cause}\n`);
  process.exitCode = 1;
}

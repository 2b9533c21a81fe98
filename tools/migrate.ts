import { migrateContext } from './migrate/apply.ts';
import { prepareDatabases, queueDatabase } from './migrate/databases.ts';
import { contextsWithDatabase } from './migrate/history.ts';
import { StartProblem, wordsOf } from './postgres/problem.ts';

/**
 * `npm run migrate [-- [--retry] <context>…]`, for all contexts when none is named.
 *
 * SIMPLEBANK_ADMIN_DATABASE_URL   makes roles and databases too; passwords of the roles come from
 *                                 <CONTEXT>_DATABASE_PASSWORD, QUEUES_DATABASE_PASSWORD
 * <CONTEXT>_MIGRATION_DATABASE_URL, else <CONTEXT>_DATABASE_URL   the database exists already
 */
function passwordOf(name: string): string {
  const variable = `${name.toUpperCase()}_DATABASE_PASSWORD`;
  const password = process.env[variable];
  if (password) return password;
  throw new StartProblem(`the role ${name} needs a password`, `set ${variable}`);
}

function urlOf(context: string): string {
  const name = context.toUpperCase();
  const url = process.env[`${name}_MIGRATION_DATABASE_URL`] ?? process.env[`${name}_DATABASE_URL`];
  if (url) return url;
  throw new StartProblem(
    `there is no address for the database of ${context}`,
    `set ${name}_MIGRATION_DATABASE_URL, or SIMPLEBANK_ADMIN_DATABASE_URL for all`,
  );
}

const tell = (context: string, names: readonly string[]): void => {
  const what = names.length === 0 ? 'nothing to do' : names.join(', ');
  process.stdout.write(`${context}: ${what}\n`);
};

async function main(args: readonly string[]): Promise<void> {
  const retry = args.includes('--retry');
  const known = contextsWithDatabase();
  const named = args.filter((arg) => !arg.startsWith('--'));
  const unknown = named.find((name) => !known.includes(name));
  if (unknown)
    throw new StartProblem(`${unknown} has no database`, `name some of ${known.join(', ')}`);

  const contexts = named.length > 0 ? named : known;
  const adminUrl = process.env['SIMPLEBANK_ADMIN_DATABASE_URL'];
  if (adminUrl) {
    for (const name of [...contexts, queueDatabase]) passwordOf(name);
    await prepareDatabases({ adminUrl, contexts, passwordOf, retry, onApplied: tell });
    return;
  }
  const urls = contexts.map((context) => ({ context, url: urlOf(context) }));
  for (const { context, url } of urls) tell(context, await migrateContext(context, url, retry));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(
    `migrate: ${error instanceof StartProblem ? error.message : wordsOf(error)}\n`,
  );
  process.exitCode = 1;
}

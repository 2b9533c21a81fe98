import pg from 'pg';
import { startPostgres } from '../tools/postgres/server.ts';
import { table } from './facts.ts';

/** Sets up the server of a bank that has not started yet so that it counts its statements. */
export async function countStatements(dataDir: string): Promise<void> {
  const server = await startPostgres({ dataDir, say: (line) => console.error(line) });
  await asking(server.adminUrl, async (client) => {
    await client.query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
    await client.query('ALTER SYSTEM SET track_functions = pl');
  });
  await server.stop();
}

export const forgetStatements = (adminUrl: string): Promise<void> =>
  asking(adminUrl, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
  });

const linesMax = 40;

/** What PostgreSQL spent most time on, per order; what triggers run is counted by itself. */
export async function statementTable(adminUrl: string, orders: number): Promise<string> {
  let lines: string[][] = [];
  await asking(adminUrl, async (client) => {
    const { rows } = await client.query<Row>(spentText, [linesMax]);
    lines = rows.map(({ database, calls, ms, text }) => [
      ...[database, (calls / orders).toFixed(3), (ms / orders).toFixed(3)],
      ...[(ms / calls).toFixed(2), `\`${text}\``],
    ]);
  });
  return table([['database', 'calls per order', 'ms per order', 'ms each', 'statement'], ...lines]);
}

export type Counted = { readonly database: string; readonly calls: number };

/** Statements that read or write, by database; the ends of transactions are not counted. */
export async function statementsByDatabase(adminUrl: string): Promise<readonly Counted[]> {
  let counted: readonly Counted[] = [];
  await asking(adminUrl, async (client) => {
    counted = (await client.query<Counted>(countedText)).rows;
  });
  return counted;
}

const countedText = `SELECT datname AS database, sum(calls)::float8 AS calls
  FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
  WHERE query ~* '^\\s*(/\\*.*?\\*/)?\\s*(SELECT|WITH)' AND datname NOT IN ('postgres', 'queues')
  GROUP BY datname ORDER BY datname`;

type Row = {
  readonly database: string;
  readonly calls: number;
  readonly ms: number;
  readonly text: string;
};

const spentText = `SELECT datname AS database, calls::float8, total_exec_time AS ms,
    left(regexp_replace(query, '\\s+', ' ', 'g'), 60) AS text
  FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
  ORDER BY total_exec_time DESC LIMIT $1`;

async function asking(connectionString: string, ask: (client: pg.Client) => Promise<unknown>) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await ask(client);
  } finally {
    await client.end();
  }
}

import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { letGo } from './kept.ts';

/** The contexts that a simulation runs; nothing that is bought or sold needs notifications. */
export const contexts = [
  'accounts',
  'orders',
  'holdings',
  'assets',
  'strategies',
  'market',
] as const;
export type Context = (typeof contexts)[number];

/** A migrated database of its own: as the context's role, and as the administrator. */
type Place = { readonly url: string; readonly adminUrl: string };
export type Places = Readonly<Record<Context, Place>>;

export type Row = Readonly<Record<string, unknown>>;

/** The database of one context, seen from above: it is emptied and looked at, never written. */
type Ground = {
  readonly url: string;
  /** As it was after the migrations. */
  readonly empty: () => Promise<void>;
  /** A statement that is asked again and again is planned once. */
  readonly look: (name: string, text: string) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
};
export type Grounds = Readonly<Record<Context, Ground>>;

export async function openGrounds(places: Places): Promise<Grounds> {
  const opened = contexts.map(async (name) => [name, await openGround(places[name])] as const);
  return Object.fromEntries(await Promise.all(opened)) as Grounds;
}

export async function closeGrounds(grounds: Grounds): Promise<void> {
  await Promise.all(Object.values(grounds).map((ground) => ground.close()));
}

async function openGround({ url, adminUrl }: Place): Promise<Ground> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  const emptying = (await preparedBefore(admin)) ?? (await prepare(admin));
  return {
    url,
    empty: () => admin.query(emptying).then(() => {}),
    look: async (name, text) => (await admin.query({ name, text })).rows,
    async close() {
      await letGo(url);
      await admin.end();
    },
  };
}

/**
 * `now()` tells the simulation's time, for statements and for defaults: no decision of a run may
 * hang on the time at which it is made.
 */
const virtualTime = `
  CREATE SCHEMA simulation;
  GRANT USAGE ON SCHEMA simulation TO PUBLIC;
  CREATE FUNCTION simulation.now() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT current_setting('simulation.now')::timestamptz $$;
  CREATE FUNCTION simulation.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT current_setting('simulation.now')::timestamptz $$;`;

const defaultsOfNow = `
  SELECT table_name, column_name FROM information_schema.columns
  WHERE table_schema = 'public' AND column_default ~* 'now\\(|current_timestamp|clock_timestamp'`;

/** How to empty it, when another simulation was here before. */
async function preparedBefore(admin: Client): Promise<string | null> {
  const { rows } = await admin.query("SELECT to_regclass('simulation.emptying') AS found");
  if (!rows[0]?.found) return null;
  const { rows: kept } = await admin.query<{ text: string }>(
    'SELECT text FROM simulation.emptying',
  );
  return kept[0]?.text ?? null;
}

/** The database is as its migrations left it; answers how to bring it back to that. */
async function prepare(admin: Client): Promise<string> {
  await makeVirtualTime(admin);
  const emptying = await emptyingOf(admin);
  await admin.query('CREATE TABLE simulation.emptying (text text)');
  await admin.query('INSERT INTO simulation.emptying VALUES ($1)', [emptying]);
  return emptying;
}

async function makeVirtualTime(admin: Client): Promise<void> {
  await admin.query(virtualTime);
  const database = escapeIdentifier(admin.database ?? '');
  await admin.query(`ALTER DATABASE ${database} SET search_path = simulation, public, pg_catalog`);
  const { rows } = await admin.query<{ table_name: string; column_name: string }>(defaultsOfNow);
  for (const { table_name: table, column_name: column } of rows) {
    await admin.query(
      `ALTER TABLE public.${escapeIdentifier(table)} ALTER ${escapeIdentifier(column)}
       SET DEFAULT simulation.now()`,
    );
  }
}

/** Tables that the migrations fill are kept: nobody may write them. */
async function emptyingOf(admin: Client): Promise<string> {
  const { rows: tables } = await admin.query<{ name: string }>(`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
      AND tablename <> '_prisma_migrations' ORDER BY 1`);
  const statements: string[] = [];
  for (const { name } of tables) {
    const id = escapeIdentifier(name);
    const { rows } = await admin.query<{ key: string; n: string }>(
      `SELECT count(*)::text AS n, max(ctid::text) AS key FROM ${id}`,
    );
    if (rows[0]?.n === '0') statements.push(`DELETE FROM ${id}`);
    else statements.push(...(await keepOnly(admin, name)));
  }
  return ['BEGIN', 'SET LOCAL session_replication_role = replica', ...statements]
    .concat(await sequencesBack(admin), 'COMMIT')
    .join(';\n');
}

/** A copy of what the migrations wrote, from which a table is filled again. */
async function keepOnly(admin: Client, name: string): Promise<readonly string[]> {
  const id = escapeIdentifier(name);
  const copy = `simulation.${escapeIdentifier(`first_${name}`)}`;
  await admin.query(`CREATE TABLE ${copy} AS TABLE ${id}`);
  return [`DELETE FROM ${id}`, `INSERT INTO ${id} OVERRIDING SYSTEM VALUE SELECT * FROM ${copy}`];
}

async function sequencesBack(admin: Client): Promise<readonly string[]> {
  const { rows } = await admin.query<{ name: string; last: string | null }>(`
    SELECT sequencename AS name, last_value::text AS last FROM pg_sequences
    WHERE schemaname = 'public' ORDER BY 1`);
  return rows.map(({ name, last }) => {
    const sequence = `${escapeLiteral(escapeIdentifier(name))}::regclass`;
    return `SELECT setval(${sequence}, ${last ?? 1}, ${last === null ? 'false' : 'true'})`;
  });
}

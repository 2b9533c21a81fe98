import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import { DatabaseError, type FieldDef, Pool } from 'pg';

/** Types of PostgreSQL by number. */
const charType = 18;
const textType = 25;

/** Where an engine may replay migrations; the caller makes the empty database and drops it. */
export type Adapter = {
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  /** PostgreSQL's own last error: the engine's message hides it. */
  readonly lastError: () => DatabaseError | null;
  /** Ends every connection; the engine itself leaves them open. */
  readonly close: () => Promise<void>;
};

/**
 * Prisma's adapter for the schema engine, with three things put right: a script runs as one, the
 * catalogue's "char" columns can be read, and the shadow is a database of our choice.
 */
export function migrationAdapter(url: string, shadowUrl?: string): Adapter {
  let lastError: DatabaseError | null = null;
  const opened: { readonly pool: Pool; readonly chars: CharColumns }[] = [];
  const open = (to: string) => {
    // An idle timer would outlive the pool and hold the process for ten seconds.
    const pool = new Pool({ connectionString: to, max: 2, idleTimeoutMillis: 0 });
    pool.on('error', () => {});
    const chars = presentCharsAsText(pool);
    opened.push({ pool, chars });
    return connect(pool, { chars, note });
  };
  const note = (error: unknown) => {
    if (error instanceof DatabaseError) lastError = error;
  };
  const factory = {
    ...new PrismaPg(url),
    provider: 'postgres' as const,
    adapterName: '@prisma/adapter-pg',
    connect: () => open(url),
    connectToShadowDb: () => {
      if (!shadowUrl) throw new Error('this run was given no shadow database');
      return open(shadowUrl);
    },
  };
  const close = async () => {
    await Promise.all(opened.map(({ pool }) => pool.end()));
    // Left on, a storage makes every promise of the process dearer for as long as it lives.
    for (const { chars } of opened) chars.disable();
  };
  return { factory, lastError: () => lastError, close };
}

/** Which columns of the answer at hand hold "char". */
type CharColumns = AsyncLocalStorage<Set<number>>;
type Watching = { readonly chars: CharColumns; readonly note: (error: unknown) => void };

async function connect(pool: Pool, { chars, note }: Watching): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: (query: Parameters<typeof queryRaw>[0]) =>
      chars.run(new Set<number>(), async () => {
        const result = await queryRaw(query);
        for (const column of chars.getStore() ?? []) {
          result.columnTypes[column] = ColumnTypeEnum.Character;
        }
        return result;
      }),
    executeScript: (sql: string) => executeWhole(pool, sql, note),
  });
}

/** The adapter stops at type "char"; shown as text it passes, and the caller marks it again. */
function presentCharsAsText(pool: Pool): CharColumns {
  const chars: CharColumns = new AsyncLocalStorage();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<{ fields?: FieldDef[] }>;
  const watched = async (...args: unknown[]) => {
    const result = await query(...args);
    result.fields?.forEach((field, column) => {
      if (field.dataTypeID !== charType) return;
      field.dataTypeID = textType;
      chars.getStore()?.add(column);
    });
    return result;
  };
  Object.assign(pool, { query: watched });
  return chars;
}

/** The adapter cuts a script at every semicolon; PostgreSQL runs it whole, as one transaction. */
async function executeWhole(
  pool: Pool,
  sql: string,
  note: (error: unknown) => void,
): Promise<void> {
  try {
    await pool.query(sql);
  } catch (error) {
    note(error);
    if (!(error instanceof DatabaseError)) throw error;
    throw new DriverAdapterError({
      kind: 'postgres',
      code: error.code ?? 'N/A',
      severity: error.severity ?? 'N/A',
      message: error.message,
      detail: error.detail,
      column: error.column,
      hint: error.hint,
    });
  }
}

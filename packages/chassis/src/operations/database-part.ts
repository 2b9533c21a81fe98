import type { SqlRunner } from '../events/database.ts';
import type { Part } from '../process/process.ts';
import { dependencyOf } from './dependency.ts';
import { createProbe } from './probe.ts';

export type DatabasePartOptions = {
  readonly service: string;
  readonly db: SqlRunner & { $disconnect(): Promise<void> };
  /** The migrations that the code was written for, by name. */
  readonly migrations: readonly string[];
};

/**
 * The process's own database: started first and closed last, because all other parts need it. Ready
 * while it answers and has every migration of the code; it may have later ones (OPS-134).
 */
export function databasePart({ service, db, migrations }: DatabasePartOptions): Part {
  const ask = async () => {
    const applied = await appliedIn(db);
    const missing = migrations.filter((name) => !applied.has(name));
    if (missing.length > 0) throw new Error(`${service} lacks ${missing.join(', ')}`);
  };
  const probe = createProbe({ name: `${service}-database`, ask });
  return {
    name: `${service}-database`,
    start: async () => {},
    close: () => db.$disconnect(),
    ready: async () => (await probe.look()).up,
    dependencies: async () => [await dependencyOf(probe)],
  };
}

/** The migrator tells what it applied in the comment of the schema. */
async function appliedIn(db: SqlRunner): Promise<ReadonlySet<string>> {
  const [row] = await db.$queryRaw<{ names: string | null }[]>`
    /* database.level */
    SELECT obj_description('public'::regnamespace, 'pg_namespace') AS names`;
  const names: unknown = row?.names?.startsWith('[') ? JSON.parse(row.names) : [];
  return new Set(Array.isArray(names) ? names.map(String) : []);
}

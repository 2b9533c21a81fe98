import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type {
  MigrationList,
  SchemaEngine,
  SchemaFilter,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import { type Adapter, migrationAdapter } from './adapter.ts';
import type { Source } from './history.ts';

const moduleName = '@prisma/schema-engine-wasm/schema_engine_bg';
export const everything: SchemaFilter = { externalTables: [], externalEnums: [] };

/** Prisma's schema engine on one database. */
export type Engine = {
  readonly engine: SchemaEngine;
  readonly lastError: Adapter['lastError'];
  readonly close: () => Promise<void>;
};

let loading: Promise<typeof import('@prisma/schema-engine-wasm/schema_engine_bg')> | null = null;

/**
 * Loads the engine once. Its main file imports WebAssembly as a module, which Node 20 does only
 * behind a flag, so the bytes are loaded by hand.
 */
async function load() {
  const engine = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const home = dirname(createRequire(import.meta.url).resolve(moduleName));
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (message: string) => process.stderr.write(`schema engine: ${message}\n`),
    },
  });
  const functions = { ...engine, ...unheldTimers(engine) };
  const imports = { './schema_engine_bg.js': functions } as unknown as WebAssembly.Imports;
  const { instance } = await WebAssembly.instantiate(
    await readFile(join(home, 'schema_engine_bg.wasm')),
    imports,
  );
  engine.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start: () => void }).__wbindgen_start();
  return engine;
}

/** The engine never clears the time limit of its lock, which would hold the process for 10 s. */
const unheldTimers = (engine: object) =>
  Object.fromEntries(
    Object.keys(engine)
      .filter((name) => name.startsWith('__wbg_setTimeout_'))
      .map((name) => [name, (work: () => void, ms: number) => setTimeout(work, ms).unref()]),
  );

/** Opens the engine on a database; `shadowUrl` is an empty one where it may replay migrations. */
export async function openEngine(
  { folder, schema }: Source,
  { url, shadowUrl }: { url: string; shadowUrl?: string },
): Promise<Engine> {
  loading ??= load();
  const { SchemaEngine } = await loading;
  const adapter = migrationAdapter(url, shadowUrl);
  const engine = await SchemaEngine.new(
    { datamodels: [[`${folder}/../schema.prisma`, schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter.factory),
  );
  const close = async () => {
    engine.free();
    await adapter.close();
  };
  return { engine, lastError: adapter.lastError, close };
}

/** The migrations of a context as the engine reads them. */
export const migrationList = ({ folder, migrations }: Source): MigrationList => ({
  baseDir: folder,
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
  shadowDbInitScript: '',
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
  })),
});

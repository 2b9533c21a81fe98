import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Who serves a part of the graph: the subgraphs, and a service that shows what it keeps. */
export const subgraphs = [
  'accounts',
  'orders',
  'holdings',
  'assets',
  'strategies',
  'notifications',
] as const;
export const gateways = ['federation', 'web', 'mobile'] as const;

/** Gateways whose contract the example clients are typed by. */
const clients = ['web', 'mobile'] as const;

/** One thing that `generate` makes: the files it is made from, and those that show it is there. */
export type Unit = {
  readonly kind: 'prisma' | 'migrations' | 'graphql' | 'compose' | 'persisted' | 'client';
  readonly context: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
};

const cacheFile = join(root, 'node_modules/.cache/simplebank/generated.json');

/** Packages whose version changes what is written. */
const generators = {
  prisma: ['prisma', '@prisma/client'],
  migrations: [],
  graphql: ['@graphql-codegen/core', '@graphql-codegen/typescript-resolvers'],
  compose: ['@theguild/federation-composition'],
  persisted: ['@theguild/federation-composition', 'graphql'],
  client: ['@graphql-codegen/core', '@graphql-codegen/client-preset'],
} as const;

/** Where a context lives: a subgraph or a service. */
export const homeOf = (context: string): string =>
  ['subgraphs', 'services'].map((kind) => `${kind}/${context}`).find(isThere) ??
  `services/${context}`;

const isThere = (path: string): boolean => existsSync(join(root, path));

/** `schema.graphql` and, past 200 lines, the files of `schema/` beside it; or none at all. */
export function schemaFiles(context: string): readonly string[] {
  const home = homeOf(context);
  const folder = `${home}/schema`;
  const parts = isThere(folder) ? readdirSync(join(root, folder)).sort() : [];
  const files = parts
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => `${folder}/${name}`);
  return [`${home}/schema.graphql`, ...files].filter(isThere);
}

/** Contexts that have a Prisma schema. */
function databaseContexts(): readonly string[] {
  const folder = join(root, 'prisma');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'schema.prisma')));
}

/** Everything that can be generated from what is in the tree now. */
export function units(): readonly Unit[] {
  const graphs = subgraphs.filter((context) => schemaFiles(context).length > 0);
  const schemas = graphs.flatMap(schemaFiles);
  return [
    ...databaseContexts().map(prismaUnit),
    ...databaseContexts().map(migrationsUnit),
    ...graphs.map(graphqlUnit),
    ...(graphs.length > 0 ? gateways.map((name) => composeUnit(name, schemas)) : []),
    ...gateways.filter(hasOperations).map((name) => persistedUnit(name, schemas)),
    ...clients.map((name) => clientUnit(name, schemas)),
  ];
}

const prismaUnit = (context: string): Unit => ({
  kind: 'prisma',
  context,
  inputs: [`prisma/${context}/schema.prisma`, 'tools/generate/prisma.ts'],
  outputs: [`${homeOf(context)}/src/generated/prisma/client.ts`],
});

/** The names of the migrations that the code of a context was written for. */
const migrationsUnit = (context: string): Unit => ({
  kind: 'migrations',
  context,
  inputs: [
    ...migrationNames(context).map((name) => `prisma/${context}/migrations/${name}/migration.sql`),
    'tools/generate/migrations.ts',
  ],
  outputs: [`${homeOf(context)}/src/generated/migrations.ts`],
});

export function migrationNames(context: string): readonly string[] {
  const folder = join(root, 'prisma', context, 'migrations');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.filter((name) => existsSync(join(folder, name, 'migration.sql')));
}

const graphqlUnit = (context: string): Unit => ({
  kind: 'graphql',
  context,
  inputs: [...schemaFiles(context), `${homeOf(context)}/codegen.json`, 'tools/generate/graphql.ts'],
  outputs: ['graphql.ts', 'type-defs.ts'].map((name) => `${homeOf(context)}/src/generated/${name}`),
});

const composeUnit = (gateway: string, schemas: readonly string[]): Unit => ({
  kind: 'compose',
  context: gateway,
  inputs: [...schemas, 'tools/generate/supergraph.ts', 'tools/generate/costs.ts'],
  outputs: [
    `gateways/${gateway}/src/generated/supergraph.graphql`,
    `docs/schema/${gateway}.graphql`,
  ],
});

/** Made from the public schema, which the composition before it has written. */
const clientUnit = (gateway: string, schemas: readonly string[]): Unit => ({
  kind: 'client',
  context: gateway,
  inputs: [
    ...schemas,
    ...clientOperations(gateway),
    'tools/generate/supergraph.ts',
    'tools/generate/persisted.ts',
    'tools/generate/clients.ts',
  ],
  outputs: [`clients/examples/generated/${gateway}/graphql.ts`],
});

/** What the example clients send to a gateway: its persisted operations, else own texts. */
export const clientOperations = (gateway: string): readonly string[] =>
  hasOperations(gateway)
    ? operationsIn(`gateways/${gateway}/operations`)
    : operationsIn(`clients/examples/${gateway}`);

const operationsIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => `${folder}/${name}`);

/** Whether a gateway has an application whose operations are known beforehand. */
const hasOperations = (gateway: string): boolean => isThere(`gateways/${gateway}/operations`);

const persistedUnit = (gateway: string, schemas: readonly string[]): Unit => ({
  kind: 'persisted',
  context: gateway,
  inputs: [
    ...operationsIn(`gateways/${gateway}/operations`),
    ...schemas,
    'tools/generate/persisted.ts',
    'tools/generate/supergraph.ts',
  ],
  outputs: ['persisted-operations', 'operation-ids'].map(
    (name) => `gateways/${gateway}/src/generated/${name}.json`,
  ),
});

const nameOf = ({ kind, context }: Unit): string => `${kind}/${context}`;

function fingerprint({ kind, inputs, outputs }: Unit): string {
  const hash = createHash('sha256');
  for (const file of [
    ...inputs,
    ...generators[kind].map((name) => `node_modules/${name}/package.json`),
  ]) {
    const path = join(root, file);
    hash
      .update(`${file}\0`)
      .update(existsSync(path) ? readFileSync(path) : '')
      .update('\0');
  }
  return hash.update(outputs.join('\0')).digest('hex');
}

function remembered(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(cacheFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Units whose inputs changed since they were made, or whose files are gone. */
export function staleUnits(): readonly Unit[] {
  const known = remembered();
  return units().filter(
    (unit) =>
      known[nameOf(unit)] !== fingerprint(unit) ||
      !unit.outputs.every((file) => existsSync(join(root, file))),
  );
}

/** Takes note that this unit is made, with the fingerprint its inputs had before. */
export function remember(unit: Unit, print: string): void {
  mkdirSync(dirname(cacheFile), { recursive: true });
  writeFileSync(cacheFile, JSON.stringify({ ...remembered(), [nameOf(unit)]: print }));
}

export { fingerprint };

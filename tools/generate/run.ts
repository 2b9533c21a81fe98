import { generateMigrations } from './migrations.ts';
import { fingerprint, remember, type Unit } from './units.ts';

/** Prisma's generator runs as a process of its own; the smallest machine has this many cores. */
const prismaProcessesMax = 2;

/** What could not be made, in the generator's own words. */
export type Failure = { readonly unit: Unit; readonly message: string };

/** Makes the given units; one that fails does not keep the others from being made. */
export async function generate(wanted: readonly Unit[]): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const make = async (unit: Unit, work: (unit: Unit) => Promise<void> | void) => {
    const print = fingerprint(unit);
    try {
      await work(unit);
      remember(unit, print);
    } catch (error) {
      failures.push({ unit, message: wordsOf(error) });
    }
  };
  const of = (kind: Unit['kind']) => wanted.filter((unit) => unit.kind === kind);
  for (const unit of of('migrations')) await make(unit, generateMigrations);
  await Promise.all([
    makePrisma(of('prisma'), make),
    makeGraphs(of('graphql'), of('compose'), make)
      .then(() => makePersisted(of('persisted'), make))
      .then(() => makeClients(of('client'), make)),
  ]);
  return failures;
}

/** A GraphQL error shows file, line and text only when it is printed whole. */
const wordsOf = (error: unknown): string =>
  error instanceof Error && !('locations' in error) ? error.message : String(error);

type Make = (unit: Unit, work: (unit: Unit) => Promise<void> | void) => Promise<void>;

async function makePrisma(wanted: readonly Unit[], make: Make): Promise<void> {
  if (wanted.length === 0) return;
  const { generatePrisma } = await import('./prisma.ts');
  const waiting = [...wanted];
  const lane = async () => {
    for (let unit = waiting.shift(); unit; unit = waiting.shift()) await make(unit, generatePrisma);
  };
  await Promise.all(Array.from({ length: prismaProcessesMax }, lane));
}

async function makeGraphs(types: readonly Unit[], graphs: readonly Unit[], make: Make) {
  if (types.length > 0) {
    const { generateGraphql } = await import('./graphql.ts');
    for (const unit of types) await make(unit, generateGraphql);
  }
  if (graphs.length > 0) {
    const { generateSupergraph } = await import('./supergraph.ts');
    for (const unit of graphs) await make(unit, generateSupergraph);
  }
}

/** After the graphs, against whose public schemas the operations are checked. */
async function makePersisted(wanted: readonly Unit[], make: Make): Promise<void> {
  if (wanted.length === 0) return;
  const { generatePersisted } = await import('./persisted.ts');
  for (const unit of wanted) await make(unit, generatePersisted);
}

/** After the graphs: they write the public schemas that clients are typed by. */
async function makeClients(wanted: readonly Unit[], make: Make): Promise<void> {
  if (wanted.length === 0) return;
  const { generateClients } = await import('./clients.ts');
  for (const unit of wanted) await make(unit, generateClients);
}

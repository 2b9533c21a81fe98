import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { vi } from 'vitest';
import { type EntityRow, entities } from './entities.ts';
import { entityText, idOf } from './entity-probes.ts';
import { askers } from './matrix.ts';
import { ask, inTurns } from './outcomes.ts';
import type { Probes } from './probes.ts';

const many = 20;
/** What else the bank does is in the count, too: the least of several tries has least of it. */
const triesMax = 3;

type Asking = { readonly name: string; readonly ids: readonly string[]; readonly asker: number };
type Entities = readonly (Readonly<Record<string, unknown>> | null)[];

async function askFor(at: Probes, { name, ids, asker }: Asking): Promise<Entities> {
  const [subgraph = '', type = ''] = name.split('.');
  const door = await at.doorOf(askers[asker] ?? 'anonymous', subgraph);
  const text = entityText(type, entities[name]?.reveals ?? '__typename');
  const of = ids.map((id) => ({ __typename: type, id }));
  const { data } = await ask(door, { text, variables: { of } });
  return (data?.['_entities'] ?? []) as Entities;
}

/** How often the same statement was sent while something ran. */
async function repeated(run: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  for (let tried = 0; tried < triesMax; tried += 1) {
    const spy = vi.spyOn(Client.prototype, 'query');
    try {
      await run();
      const sent = new Map<string, number>();
      for (const [query] of spy.mock.calls as unknown[][]) {
        const text = typeof query === 'string' ? query : (query as { text: string }).text;
        sent.set(text, (sent.get(text) ?? 0) + 1);
      }
      counts.push(Math.max(0, ...sent.values()));
    } finally {
      spy.mockRestore();
    }
  }
  return Math.min(...counts);
}

const tells = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(tells)
    : value !== null && value !== undefined;

/**
 * What is wrong with how entities are answered in batches, a line each: a known one between unknown
 * ones stands at its own place and nowhere else, and twenty are not looked up one by one.
 */
export async function batchFaults(at: Probes): Promise<readonly string[]> {
  const faultsOf = async ([name, { subgraph }]: readonly [string, EntityRow]) => {
    const known = idOf(at.samples, name.split('.')[1] ?? '');
    const asker = subgraph.indexOf('Y');
    const ids = [randomUUID(), known, randomUUID(), 'no-id-of-ours', known];
    const answered = (await askFor(at, { name, ids, asker })).map(tells);
    const found: string[] = [];
    const expected = [false, true, false, false, true];
    if (answered.join() !== expected.join()) found.push(`${name}: ${answered.join()}`);
    const crowd = [known, ...Array.from({ length: many - 1 }, () => randomUUID())];
    const times = await repeated(() => askFor(at, { name, ids: crowd, asker }));
    // Whoever looks entities up one by one sends a statement once for each of them.
    if (times >= many - 1) found.push(`${name}: one statement ${times} times for ${many}`);
    return found;
  };
  // One after the other, or the statements of one would count for another.
  const faults = await inTurns(Object.entries(entities), faultsOf, 1);
  return faults.flat();
}

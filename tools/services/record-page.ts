import { table } from '../../bench/facts.ts';
import { heardBy } from './contracts-of.ts';
import type { Entities } from './entities.ts';
import { type Entry, record } from './record.ts';

/** Where the record, the schemas and the routing of events disagree, one line each. */
export function recordProblems(entities: Entities, entries: readonly Entry[] = record) {
  const owners = (entity: string) => entries.filter((one) => one.entity === entity);
  const missing = [...entities.keys()].filter((entity) => owners(entity).length === 0);
  const doubled = entries.filter(({ entity }) => owners(entity).length > 1);
  const strange = entries.filter(
    ({ entity, owner, isInner }) => !isInner && !entities.get(entity)?.includes(owner),
  );
  const unheard = entries.flatMap(({ entity, copies }) =>
    copies.flatMap(({ holder, events }) =>
      events
        .filter((event) => !heardBy(holder).includes(event))
        .map((event) => `${holder} keeps a copy of ${entity} but does not hear ${event}`),
    ),
  );
  return [
    ...missing.map((entity) => `${entity} has no owner`),
    ...[...new Set(doubled.map(({ entity }) => entity))].map(
      (entity) => `${entity} has ${owners(entity).length} owners`,
    ),
    ...strange.map(({ entity, owner }) => `${owner} does not serve ${entity}`),
    ...unheard,
  ];
}

/** @throws Error that names every disagreement */
export function recordPage(entities: Entities): string {
  const problems = recordProblems(entities);
  if (problems.length > 0) throw new Error(`the system of record:\n${problems.join('\n')}`);
  const lines = record.map(({ entity, owner, copies }) => {
    const others = (entities.get(entity) ?? []).filter((name) => name !== owner);
    const kept = copies.map(({ holder, what }) => `${holder} (${what})`);
    return [entity, owner, others.join(', ') || '–', kept.join(', ') || '–'];
  });
  const copies = record.flatMap(({ entity, copies }) =>
    copies.map(({ holder, what, events, ageBound }) => [
      ...[entity, holder, what, events.join(', '), ageBound],
    ]),
  );
  return `# Systems of record

Written by \`npm run documents\` from \`tools/services/record.ts\`, which is held against the
schemas and against who listens to what: an entity of the supergraph without an owner, or with
two, stops the check. Who adds fields to an entity owns those fields and nothing else of it.

${table([['entity', 'owner', 'others add fields', 'copies'], ...lines])}

## Copies

A copy is fed by events and keeps the highest version; the reconciler compares it with its owner.
Past its bound, whoever shows it says so.

${table([['entity', 'kept by', 'what', 'fed by', 'age bound'], ...copies])}
`;
}

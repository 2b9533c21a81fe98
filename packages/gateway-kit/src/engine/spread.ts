import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from './subgraph-call.ts';

type Places = readonly number[];

/**
 * The answer as if every entity had been asked for at each of its places. The places share
 * nothing: the plan writes into what it is given, and other fields may differ between them.
 */
export function spread(answer: SubgraphAnswer, places: Places): SubgraphAnswer {
  const { data, errors } = answer;
  return {
    ...answer,
    ...(data ? { data: spreadData(data, places) } : {}),
    ...(errors ? { errors: errors.flatMap((error) => spreadError(error, places)) } : {}),
  };
}

function spreadData(data: Readonly<Record<string, unknown>>, places: Places) {
  const entities = data['_entities'];
  if (!Array.isArray(entities)) return data;
  // With a wrong number nobody can say which is which; the plan refuses a list that is too short.
  if (entities.length !== Math.max(...places) + 1) return { ...data, _entities: [] };
  const given = new Set<number>();
  const spreadOut = places.map((place) => {
    if (given.has(place)) return copyOf(entities[place]);
    given.add(place);
    return entities[place];
  });
  return { ...data, _entities: spreadOut };
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  // A spread keeps even a field renamed to `__proto__` a field like any other.
  const copy: Record<string, unknown> = { ...value };
  for (const name of Object.keys(copy)) {
    const inner = copy[name];
    if (typeof inner === 'object' && inner !== null) copy[name] = copyOf(inner);
  }
  return copy;
}

function spreadError(error: GraphQLFormattedError, places: Places): GraphQLFormattedError[] {
  const [root, index, ...rest] = error.path ?? [];
  if (root !== '_entities' || typeof index !== 'number') return [error];
  return places.flatMap((place, position) =>
    place === index ? [{ ...error, path: [root, position, ...rest] }] : [],
  );
}

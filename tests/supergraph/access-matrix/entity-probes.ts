import { Kind } from 'graphql';
import { services } from '../../../tools/generate/supergraph.ts';
import { entities } from './entities.ts';
import { askers } from './matrix.ts';
import { ask, inTurns, letterOf } from './outcomes.ts';
import type { Probes } from './probes.ts';

/** Every entity that a subgraph resolves, as `orders.Account`. */
export const entityTypes = (): readonly string[] =>
  services().flatMap(({ name, typeDefs }) =>
    typeDefs.definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
      const resolved = (definition.directives ?? []).some(
        (directive) =>
          directive.name.value === 'key' &&
          !(directive.arguments ?? []).some((argument) => argument.name.value === 'resolvable'),
      );
      return resolved ? [`${name}.${definition.name.value}`] : [];
    }),
  );

/** The sample that names what the customer of the matrix has of a type. */
export const idOf = (samples: Probes['samples'], type: string): string => {
  const id = samples[`${type[0]?.toLowerCase()}${type.slice(1)}Id`];
  if (typeof id !== 'string') throw new Error(`no sample for the id of ${type}`);
  return id;
};

export const entityText = (type: string, reveals: string): string =>
  `query($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${reveals} } } }`;

/** What each asker is answered, as one letter each, by entity. */
export async function entityOutcomes(at: Probes): Promise<Readonly<Record<string, string>>> {
  const asked = Object.entries(entities);
  const outcomes = await inTurns(asked, async ([name, { reveals }]) => {
    const [subgraph = '', type = ''] = name.split('.');
    const of = [{ __typename: type, id: idOf(at.samples, type) }];
    const text = entityText(type, reveals);
    const letters: string[] = [];
    for (const asker of askers) {
      const door = await at.doorOf(asker, subgraph);
      const { data, errors = [] } = await ask(door, { text, variables: { of } });
      letters.push(letterOf(errors) ?? (tells(data?.['_entities']) ? 'Y' : 'N'));
    }
    return [name, letters.join('')] as const;
  });
  return Object.fromEntries(outcomes);
}

/** True when something in it is a value: an empty list and a null say nothing. */
function tells(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value === 'object' ? Object.values(value).some(tells) : true;
}

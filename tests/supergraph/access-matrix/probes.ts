import type { GraphQLSchema } from 'graphql';
import { buildSchema, Kind } from 'graphql';
import { composeFor, services } from '../../../tools/generate/supergraph.ts';
import type { WholeBank } from '../../e2e/whole-bank.ts';
import { type Asker, askers, type Matrix } from './matrix.ts';
import { inTurns, outcomeOf } from './outcomes.ts';
import { type Credentials, credentialsIn, tokenOf } from './people.ts';
import { questionOf, type Samples } from './question.ts';
import { makeWorld } from './world.ts';

const roots = ['Query', 'Mutation', 'Subscription'];

/** Every root field of the whole graph, as `Query.accounts`, with the subgraphs that serve it. */
export function rootFields(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name: subgraph, typeDefs } of services()) {
    for (const definition of typeDefs.definitions) {
      const isObject =
        definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
        definition.kind === Kind.OBJECT_TYPE_EXTENSION;
      if (!isObject || !roots.includes(definition.name.value)) continue;
      for (const field of definition.fields ?? []) {
        found.set(`${definition.name.value}.${field.name.value}`, subgraph);
      }
    }
  }
  return found;
}

export type Probes = {
  readonly schema: GraphQLSchema;
  readonly samples: Samples;
  readonly people: Readonly<Record<Asker, Credentials>>;
  /** The other customer with a phone. */
  readonly onMobile: () => Promise<Pick<Credentials, 'headers'>>;
  readonly doorOf: (asker: Asker, subgraph: string | null) => Promise<Door>;
};
type Door = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** Who may be asked what, over a bank in which one customer has one of everything. */
export async function openProbes(bank: WholeBank): Promise<Probes> {
  const schema = buildSchema(composeFor('federation', services()).api, { assumeValidSDL: true });
  const { people: known, samples } = await makeWorld(bank);
  const people = await credentialsIn(bank, known);
  return {
    schema,
    samples,
    people,
    onMobile: async () => ({
      headers: await tokenOf(bank.env, {
        kind: 'principal',
        customerId: known.otherCustomer,
        roles: ['customer'],
        channel: 'mobile',
        sessionId: null,
      }),
    }),
    async doorOf(asker, subgraph) {
      const { gateway, headers, assertionFor } = people[asker];
      if (subgraph === null) return { url: gateway, headers };
      return { url: `${bank.urls[subgraph]}/graphql`, headers: await assertionFor(subgraph) };
    },
  };
}

export type Probe = {
  readonly coordinate: string;
  readonly place: 'gateway' | 'subgraph';
  readonly asker: Asker;
  readonly expected: string;
};

/** One probe for each letter of each row. */
export const probesOf = (matrix: Matrix): readonly Probe[] =>
  Object.entries(matrix).flatMap(([coordinate, row]) =>
    (['gateway', 'subgraph'] as const).flatMap((place) =>
      askers.map((asker, at) => ({ coordinate, place, asker, expected: row[place][at] ?? '?' })),
    ),
  );

/** Only what is answered may change anything. */
export const changes = ({ coordinate, expected }: Probe): boolean =>
  coordinate.startsWith('Mutation.') && expected === 'Y';

type Outcome = Probe & { readonly outcome: string };

export async function ran(probes: readonly Probe[], at: Probes): Promise<readonly Outcome[]> {
  const served = rootFields();
  return inTurns(probes, async (probe) => {
    const { coordinate, place, asker } = probe;
    const subgraph = place === 'subgraph' ? (served.get(coordinate) ?? '') : null;
    const question = questionOf(at.schema, coordinate, at.samples);
    return { ...probe, outcome: await outcomeOf(await at.doorOf(asker, subgraph), question) };
  });
}

/** The probes that did not go as the matrix says, one line each. */
export const surprises = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes
    .filter(({ outcome, expected }) => outcome !== expected)
    .map(
      ({ coordinate, place, asker, outcome, expected }) =>
        `${coordinate} at the ${place} for ${asker}: ${outcome}, not ${expected}`,
    );

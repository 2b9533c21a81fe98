import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { assertionHeader } from '@simplebank/chassis/auth';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { anonymous, openEngine } from './open-engine.ts';
import { type Question, questions } from './questions.ts';

const runs = { numRuns: 40, seed: 20_261_121, endOnFailure: true };
const patienceMs = 60_000;

type Result = { readonly data: unknown; readonly paths: readonly string[] };
type Ask = (question: Question) => Promise<Result>;

let sharing: Opened;
let plain: Opened;
let stock: Ask;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  sharing = await openEngine(library);
  plain = await openEngine(library, { distinctEntities: false, sharesReads: false });
  stock = await stockOver(plain);
  closing.push(sharing.close, plain.close);
}, patienceMs);
afterAll(async () => {
  for (const close of closing) await close();
});

const resultOf = (data: unknown, errors: readonly Located[] = []): Result => ({
  data,
  paths: errors.map(({ path }) => JSON.stringify(path)).toSorted(),
});
type Located = { readonly path?: readonly (string | number)[] | undefined };

const by =
  (opened: () => Opened): Ask =>
  async ({ text, variables }) => {
    const { data, errors } = await opened().ask(text, { variables });
    return resultOf(data, errors);
  };

/** The stock gateway with its own data source, over the same subgraphs. */
async function stockOver({ supergraph, stubs, signer }: Opened): Promise<Ask> {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ name }) => {
      const subgraph = name.toLowerCase();
      return new RemoteGraphQLDataSource({
        url: `${stubs[subgraph]?.url}/graphql`,
        willSendRequest: async ({ request }) => {
          request.http?.headers.set(assertionHeader, await signer.sign(anonymous, subgraph));
        },
      });
    },
  });
  const server = new ApolloServer({ gateway, stopOnTerminationSignals: false });
  await server.start();
  closing.push(() => server.stop());
  return async ({ text: query, variables }) => {
    const { body } = await server.executeOperation({ query, variables });
    if (body.kind !== 'single') throw new Error('an operation was answered in parts');
    const { data, errors } = body.singleResult;
    return resultOf(data, errors);
  };
}

test(
  'random questions are answered as by the stock gateway, errors and all',
  async () => {
    await fc.assert(
      fc.asyncProperty(questions, async (question) => {
        const [expected, ours, bare] = [
          await stock(question),
          await by(() => sharing)(question),
          await by(() => plain)(question),
        ];
        expect(ours).toEqual(expected);
        expect(bare).toEqual(expected);
      }),
      runs,
    );
  },
  patienceMs,
);

test(
  'readers of the same and of other questions at once get each their own answer',
  async () => {
    const several = fc.array(questions, { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(several, async (given) => {
        const asked = [...given, ...given, ...given];
        const expected = await Promise.all(given.map(by(() => plain)));
        const answers = await Promise.all(asked.map(by(() => sharing)));
        expect(answers).toEqual([...expected, ...expected, ...expected]);
      }),
      { ...runs, numRuns: 10 },
    );
  },
  patienceMs,
);

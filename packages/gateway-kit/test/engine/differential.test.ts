import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { assertionHeader } from '@simplebank/chassis/auth';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { anonymous, openEngine } from './open-engine.ts';
import { type Question, questions } from './questions.ts';

const runs = { numRuns: 40, seed: 20_261_121, endOnFailure: true };
const patienceMs = 60_000;

type Result = {
  readonly data: unknown;
  readonly paths: readonly string[];
  /** Values that no type allows, as the library tells them. */
  readonly odd: unknown;
};
type Ask = (question: Question) => Promise<Result>;

let sharing: Opened;
let plain: Opened;
let stock: Ask;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  sharing = await openEngine(library);
  plain = await openEngine(library, {
    ...{ distinctEntities: false, sharesReads: false, compilesPlans: false },
  });
  stock = await stockOver(plain);
  closing.push(sharing.close, plain.close);
}, patienceMs);
afterAll(async () => {
  for (const close of closing) await close();
});

const resultOf = ({ data, errors = [], extensions }: Answered): Result => ({
  data,
  paths: errors.map(({ path }) => JSON.stringify(path)).toSorted(),
  odd: JSON.parse(JSON.stringify(extensions?.['valueCompletion'] ?? null)),
});
type Answered = {
  readonly data?: unknown;
  readonly errors?: readonly { readonly path?: readonly (string | number)[] | undefined }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
};

const by =
  (opened: () => Opened): Ask =>
  async ({ text, variables }) =>
    resultOf(await opened().ask(text, { variables }));

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
    return resultOf(body.singleResult);
  };
}

test(
  'random questions are answered as by the stock gateway, errors and all',
  async () => {
    await fc.assert(
      fc.asyncProperty(questions, async (question) => {
        const [expected, ours, compiled, bare] = [
          await stock(question),
          await by(() => sharing)(question),
          await by(() => sharing)(question),
          await by(() => plain)(question),
        ];
        expect(ours).toEqual(expected);
        expect(compiled).toEqual(expected);
        expect(bare).toEqual(expected);
      }),
      runs,
    );
  },
  patienceMs,
);

/** Called for each operation that the library runs itself. */
const stockGateway = ApolloGateway.prototype as unknown as { validateIncomingRequest: () => void };

test('what is asked again with other switches is answered as by the stock gateway', async () => {
  const text = `query ($a: Boolean!, $b: Boolean = true) {
    books { id @skip(if: $a) title author @include(if: $b) { name home { city } } }
    shelf { ... on Book @include(if: $a) { stars minutes } ... on Author { id name } }
    lost: book(id: "b4") { title author { name } }
  }`;
  const again = vi.spyOn(stockGateway, 'validateIncomingRequest');
  await sharing.ask(text, { variables: { a: true } });
  again.mockClear();
  for (const variables of [
    { a: true },
    { a: false },
    { a: true, b: false },
    { a: false, b: true },
  ]) {
    const ours = await by(() => sharing)({ text, variables });
    expect(again.mock.calls).toEqual([]);
    expect(ours).toEqual(await stock({ text, variables }));
    again.mockClear();
  }
  const refused = await sharing.ask(text, { variables: { a: 'yes' } });
  expect(again.mock.calls).toEqual([]);
  again.mockRestore();
  expect(refused).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_INPUT' } }] });
  expect(refused.data).toBeUndefined();
});

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

import {
  type AssertionSigner,
  assertionHeader,
  type Channel,
  createAssertionSigner,
  generateAssertionKeys,
  type Role,
  type Viewer,
} from '@simplebank/chassis/auth';
import { requestIdHeader } from '@simplebank/chassis/request';
import type { Clock } from '@simplebank/kernel/clock';

const requestTimeoutMs = 15_000;

export type GraphqlError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
};
export type Answer<Data> = {
  readonly status: number;
  readonly data: Data | null;
  readonly errors: readonly GraphqlError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
};
export type AskOptions = { readonly requestId?: string };

/** Somebody at the door of a subgraph. */
export type Asker = {
  /** The data; throws when the answer has an error, with its code and words. */
  readonly ask: <Data>(query: string, variables?: object, options?: AskOptions) => Promise<Data>;
  /** The whole answer, errors included. */
  readonly answer: <Data>(
    query: string,
    variables?: object,
    options?: AskOptions,
  ) => Promise<Answer<Data>>;
};

/** A gateway's keys for one test: `publicKeys` is the text for ASSERTION_PUBLIC_KEYS. */
export type TestAssertions = {
  readonly privateKey: string;
  readonly publicKeys: string;
};

export async function createTestAssertions(): Promise<TestAssertions> {
  const { privateKey, publicKeys } = await generateAssertionKeys();
  return { privateKey: JSON.stringify(privateKey), publicKeys: JSON.stringify(publicKeys) };
}

export type SubgraphClientOptions = {
  /** Base address of the door, without `/graphql`. */
  readonly url: string;
  /** Name of the subgraph, for which the assertion is signed. */
  readonly audience: string;
  readonly assertions: Pick<TestAssertions, 'privateKey'>;
  /** The subgraph's clock when that is not the machine's. */
  readonly clock?: Clock;
};

export type SubgraphClient = {
  readonly as: (viewer: Viewer) => Asker;
  readonly asCustomer: (customerId: string, channel?: Channel) => Asker;
  readonly asStaff: (...roles: readonly Role[]) => Asker;
  readonly anonymous: () => Asker;
};

const staffId = '00000000-0000-4000-8000-00000000000a';

/** Asks a subgraph over HTTP as a gateway would, with a signed assertion of who the viewer is. */
export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const { url, audience, assertions, clock } = options;
  const { privateKey } = assertions;
  const base = { privateKey, ...(clock ? { clock } : {}) };
  const signers = new Map<Channel, AssertionSigner>();
  const signerOf = (channel: Channel): AssertionSigner => {
    const signer = signers.get(channel) ?? createAssertionSigner({ ...base, issuer: channel });
    signers.set(channel, signer);
    return signer;
  };
  const as = (viewer: Viewer) =>
    askerAt(`${url}/graphql`, () => signerOf(viewer.channel).sign(viewer, audience));
  const principal = (customerId: string, roles: readonly Role[], channel: Channel) =>
    as({ kind: 'principal', customerId, roles, channel, sessionId: null });
  return {
    as,
    asCustomer: (customerId, channel = 'web') => principal(customerId, ['customer'], channel),
    asStaff: (...roles) => principal(staffId, roles, 'federation'),
    anonymous: () => as({ kind: 'anonymous', channel: 'web' }),
  };
}

function askerAt(endpoint: string, assertion: () => Promise<string>): Asker {
  const answer: Asker['answer'] = async (query, variables = {}, { requestId } = {}) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [assertionHeader]: await assertion(),
        ...(requestId ? { [requestIdHeader]: requestId } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const { data = null, errors = [], extensions } = await response.json();
    return { status: response.status, data, errors, ...(extensions ? { extensions } : {}) };
  };
  const ask: Asker['ask'] = async (query, variables, options) => {
    const { status, data, errors } = await answer<never>(query, variables, options);
    const [first] = errors;
    if (first || data === null) {
      throw new Error(`${endpoint} answered ${status} ${JSON.stringify(first ?? null)}`);
    }
    return data;
  };
  return { ask, answer };
}

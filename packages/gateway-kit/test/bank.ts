import {
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
} from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Clock } from '@simplebank/kernel/clock';
import { systemClock } from '@simplebank/kernel/clock';
import { composeServices } from '@theguild/federation-composition';
import { GraphQLError, parse } from 'graphql';
import type { GatewayOptions } from '../src/gateway.ts';
import { buildGateway } from '../src/gateway.ts';
import type { Stub } from './stub-subgraph.ts';
import { createStub } from './stub-subgraph.ts';
import type { TokenMint } from './token-mint.ts';
import { audience, createTokenMint, issuer } from './token-mint.ts';

const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key" "@shareable" "@authenticated" "@requiresScopes" "@policy"
  ])`;

const accountsSdl = `${link}
  type Query {
    accounts: [Account!]
    account(id: ID!): Account
    crowd: [Account!]
    held: String
    forbidden: String
    breaks: String
    leaks: String
    dossiers: [Dossier!]!
    mine: [Account!] @authenticated
  }
  type Dossier @requiresScopes(scopes: [["staff"]]) { id: ID! }
  type Mutation {
    retire(accountId: ID!): Account @policy(policies: [["operations"]])
    signIn(email: String!): String
    placeOrder(note: String): String
    rename(input: RenameInput!): RenameResult!
  }
  input RenameInput { accountId: ID! name: String! age: Int }
  union RenameResult = RenameSuccess | RenameRefusal
  type RenameSuccess { account: Account! }
  type RenameRefusal { code: String! message: String! }
  type Account @key(fields: "id") {
    id: ID! name: String! parent: Account
    note: String @requiresScopes(scopes: [["staff"]])
    rating: String! @policy(policies: [["operations"], ["service"]])
  }
`;

const holdingsSdl = `${link}
  type Query { holdings(accountId: ID): [Holding!]! }
  type Account @key(fields: "id") { id: ID! currentHoldings: [Holding]! holdingsPage: [Holding!] }
  type Holding {
    accountId: ID! accountNumber: String asset: Asset symbol: String name: String
    quantity: String! price: String value: Money asOf: String
  }
  type Asset @key(fields: "id", resolvable: false) { id: ID! }
  type Money @shareable { amount: String! }
`;

const position = {
  accountId: 'a1',
  accountNumber: '1',
  asset: { id: 'x1' },
  symbol: 'ABC',
  name: 'Abc Corp',
  quantity: '2.5',
  price: '10.000000',
  value: { amount: '25.00' },
  asOf: '2026-01-02T15:00:00.000Z',
};

const accountsRoot = {
  accounts: (_: unknown, viewer: { kind: string }) => {
    if (viewer.kind === 'anonymous') throw new PublicError('UNAUTHENTICATED', 'Please sign in.');
    return [
      { id: 'a1', name: 'Main' },
      { id: 'a2', name: 'Spare' },
    ];
  },
  mine: () => [{ id: 'a1', name: 'Main', note: 'kind', rating: 'A' }],
  dossiers: () => [{ id: 'd1' }],
  retire: ({ accountId }: { accountId: string }) => ({ id: accountId, name: 'Main' }),
  crowd: () => Array.from({ length: 30 }, (_, n) => ({ id: `a${n}`, name: 'One of many' })),
  account: ({ id }: { id: string }) => {
    if (id === 'none') throw new PublicError('NOT_FOUND', 'There is no such account.');
    return { id, name: 'Main' };
  },
  forbidden: () => {
    throw new PublicError('FORBIDDEN', 'You may not do this.');
  },
  breaks: () => {
    throw new Error('connect ECONNREFUSED 10.0.0.7:5432 password=hunter2');
  },
  leaks: () => {
    const extensions = {
      code: 'INTERNAL',
      errorId: 'e-1',
      stacktrace: ['at db.ts'],
      sql: 'SELECT',
    };
    throw new GraphQLError('relation "entry" does not exist', { extensions });
  },
  held: () => 'let go',
  placeOrder: () => 'placed',
  signIn: ({ email }: { email: string }) => `token of ${email}`,
  rename: ({ input }: { input: { accountId: string; name: string } }) => {
    if (input.name === '') {
      throw new PublicError('BAD_INPUT', 'A name has a letter.', { field: 'input.name' });
    }
    if (input.name === 'used') {
      return { __typename: 'RenameRefusal', code: 'IDEMPOTENCY_KEY_REUSED', message: 'Used.' };
    }
    return input.name === 'taken'
      ? { __typename: 'RenameRefusal', code: 'NAME_TAKEN', message: 'The name is taken.' }
      : { __typename: 'RenameSuccess', account: { id: input.accountId, name: input.name } };
  },
};

const holdingsRoot = {
  holdings: ({ accountId }: { accountId?: string }) => {
    if (accountId === '404') throw new PublicError('NOT_FOUND', 'There is no such account.');
    return [position, { ...position, symbol: 'NEW', price: null, value: null, asOf: null }];
  },
  _entities: ({ representations }: { representations: { id: string }[] }) =>
    representations.map(({ id }) => ({
      __typename: 'Account',
      id,
      currentHoldings: [position],
      holdingsPage: [position],
    })),
};

export type Bank = {
  readonly url: string;
  readonly accounts: Stub;
  readonly holdings: Stub;
  readonly mint: TokenMint;
  /** How often the public keys were fetched. */
  readonly keysAsked: () => number;
  /** The ids of sessions that accounts has ended. */
  readonly revoked: Set<string>;
  /** Every log line so far, parsed. */
  readonly lines: () => readonly Record<string, unknown>[];
  query(text: string, more?: Asking): Promise<Answer>;
  close(): Promise<void>;
};
type Asking = {
  readonly token?: string;
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
};
type Answer = { readonly status: number; readonly headers: Headers; readonly body: Body };
// biome-ignore lint/suspicious/noExplicitAny: answers are compared whole, not read field by field
type Body = any;

type BankOptions = Partial<
  Pick<GatewayOptions, 'routes' | 'explorer' | 'access' | 'introspection' | 'shared' | 'limits'> &
    Pick<GatewayOptions, 'corsOrigins' | 'timings' | 'browser' | 'tls'>
> & {
  readonly clock?: Clock;
  readonly startStubs?: boolean;
  /** Keeps no line of what went well. */
  readonly quiet?: boolean;
  /** Shows another graph of accounts. */
  readonly typeDefs?: string;
  /** Answers accounts otherwise. */
  readonly root?: Readonly<Record<string, unknown>>;
};

/** Two stub subgraphs, the keys of the bank, and a gateway over them on a free port. */
export async function openBank(options: BankOptions = {}): Promise<Bank> {
  const { clock = systemClock, startStubs = true } = options;
  const { privateKey, publicKeys } = await generateAssertionKeys();
  const verifier = (name: string) => createAssertionVerifier({ publicKeys, audience: name });
  const mint = await createTokenMint();
  let keysAsked = 0;
  const revoked = new Set<string>();
  const accounts = createStub({
    name: 'accounts',
    typeDefs: options.typeDefs ?? accountsSdl,
    root: { ...accountsRoot, ...options.root },
    assertions: verifier('accounts'),
    routes: (app) => {
      app.get('/.well-known/jwks.json', async () => {
        keysAsked += 1;
        return mint.publicKeys();
      });
      app.get('/.well-known/revoked-sessions', async () => ({
        sessions: [...revoked],
        keys: (await mint.publicKeys()).keys.map(({ kid }) => kid),
      }));
    },
  });
  const holdings = createStub({
    name: 'holdings',
    typeDefs: holdingsSdl,
    root: holdingsRoot,
    assertions: verifier('holdings'),
  });
  const stubs = [accounts, holdings];
  for (const stub of stubs) {
    await stub.start();
    if (!startStubs) await stub.close();
  }
  const written: string[] = [];
  const log = createLogger({
    service: 'test',
    level: options.quiet ? 'ERROR' : 'INFO',
    destination: { write: (line) => written.push(line) },
  });
  const door = await buildGateway({
    introspection: false,
    ...options,
    name: 'federation',
    channel: 'federation',
    host: '127.0.0.1',
    port: 0,
    supergraphSdl: compose(stubs),
    subgraphUrls: { accounts: accounts.url, holdings: holdings.url },
    assertionSigner: createAssertionSigner({ privateKey, issuer: 'federation' }),
    tokens: {
      jwksUrl: `${accounts.url}/.well-known/jwks.json`,
      revokedUrl: `${accounts.url}/.well-known/revoked-sessions`,
      issuer,
      audience,
    },
    log,
    clock,
    shared: options.shared ?? createMemoryShared({ log }),
  });
  await door.start();

  return {
    url: door.url,
    accounts,
    holdings,
    mint,
    keysAsked: () => keysAsked,
    revoked,
    lines: () => written.map((line) => JSON.parse(line)),
    query: (text, asking) => ask(door.url, text, asking),
    async close() {
      await door.close();
      await Promise.all(stubs.map((stub) => stub.close()));
    },
  };
}

function compose(stubs: readonly Stub[]): string {
  const services = stubs.map(({ name, typeDefs }) => ({
    name,
    url: `http://${name}/graphql`,
    typeDefs: parse(typeDefs),
  }));
  const result = composeServices(services);
  if (!result.supergraphSdl) throw new Error(String(result.errors));
  return result.supergraphSdl;
}

async function ask(url: string, query: string, asking: Asking = {}): Promise<Answer> {
  const { token, variables, headers = {} } = asking;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

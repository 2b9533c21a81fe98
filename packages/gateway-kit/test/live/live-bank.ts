import {
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
} from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { eventsTopic } from '@simplebank/contracts/entities';
import { systemClock } from '@simplebank/kernel/clock';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { buildGateway, type GatewayOptions } from '../../src/gateway.ts';
import type { LiveBounds } from '../../src/live/bounds.ts';
import type { Feed } from '../../src/live/feeds.ts';
import { createStub } from '../stub-subgraph.ts';
import { audience, createTokenMint, issuer } from '../token-mint.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    notesSince(accountId: ID!, after: String, first: Int): Notes!
    assetsNamed(assetIds: [ID!]!): [Asset!]!
  }
  type Subscription {
    notes(accountId: ID!, after: String): Note!
    quotes(assetIds: [ID!]!): [Asset!]!
  }
  type Notes { accountId: ID! cursor: String! hasMore: Boolean! nodes: [Note!]! }
  type Note { cursor: String! text: String! breaks: String }
  type Asset @key(fields: "id") { id: ID! price: String! }
`;

const feeds: readonly Feed[] = [
  { field: 'notes', query: 'notesSince', tells: 'all', entity: 'Asset' },
  { field: 'quotes', query: 'assetsNamed', tells: 'latest', entity: 'Asset' },
];

/** The supergraph of the stub, with one more field of Note when it is told so. */
export function supergraphOf(more = ''): string {
  const typeDefs = parse(sdl.replace('breaks: String', `breaks: String ${more}`));
  const result = composeServices([{ name: 'accounts', url: 'http://accounts/graphql', typeDefs }]);
  if (!result.supergraphSdl) throw new Error(String(result.errors));
  return result.supergraphSdl;
}

type Asked = { readonly accountId: string; readonly after?: string; readonly first: number };

export type LiveBankOptions = Partial<
  Pick<GatewayOptions, 'shared' | 'browser' | 'persisted' | 'supergraphSdl' | 'clock' | 'limits'>
> & { readonly bounds?: Partial<LiveBounds> };

/** Hours, so that nothing but what a test does wakes a stream. */
const never = 3_600_000;

export type LiveBank = Awaited<ReturnType<typeof openLiveBank>>;

/** A stub with a journal of notes, and a gateway that tells it live. */
export async function openLiveBank({ bounds = {}, ...options }: LiveBankOptions = {}) {
  const { privateKey, publicKeys } = await generateAssertionKeys();
  const mint = await createTokenMint();
  const revoked = new Set<string>();
  const journal: string[] = [];
  const prices = { AAA: '1.00', BBB: '2.00' };
  const accounts = createStub({
    name: 'accounts',
    typeDefs: sdl,
    root: {
      notesSince: ({ accountId, after, first }: Asked, viewer: { kind: string }) => {
        if (viewer.kind === 'anonymous') throw new PublicError('UNAUTHENTICATED', 'Sign in.');
        if (accountId !== 'mine') throw new PublicError('NOT_FOUND', 'No such account.');
        const from = after === undefined || after === null ? journal.length : Number(after);
        const found = journal.slice(from, from + first);
        const nodes = found.map((text, nth) => ({ text, cursor: String(from + nth + 1) }));
        const cursor = String(from + found.length);
        return { accountId, nodes, cursor, hasMore: from + found.length < journal.length };
      },
      assetsNamed: ({ assetIds }: { assetIds: (keyof typeof prices)[] }) =>
        assetIds.map((id) => ({ id, price: prices[id] })),
    },
    assertions: createAssertionVerifier({ publicKeys, audience: 'accounts' }),
    routes: (app) => {
      app.get('/.well-known/jwks.json', () => mint.publicKeys());
      app.get('/.well-known/revoked-sessions', async () => ({ sessions: [...revoked] }));
    },
  });
  await accounts.start();
  const written: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'test',
    level: 'INFO',
    destination: { write: (line) => written.push(JSON.parse(line)) },
  });
  const shared = options.shared ?? createMemoryShared({ log });
  const open = (seen = shared) =>
    buildGateway({
      supergraphSdl: supergraphOf(),
      ...options,
      ...{ name: 'federation', channel: 'federation', host: '127.0.0.1', port: 0 },
      subgraphUrls: { accounts: accounts.url },
      assertionSigner: createAssertionSigner({ privateKey, issuer: 'federation' }),
      tokens: {
        jwksUrl: `${accounts.url}/.well-known/jwks.json`,
        revokedUrl: `${accounts.url}/.well-known/revoked-sessions`,
        ...{ issuer, audience },
      },
      live: { feeds, bounds: { pollEveryMs: never, latestEveryMs: 1, ...bounds } },
      ...{ introspection: false, log, shared: seen, clock: options.clock ?? systemClock },
    });
  const door = await open();
  await door.start();
  let closing: Promise<void> | null = null;
  const closeDoor = () => {
    closing ??= door.close();
    return closing;
  };
  return {
    ...{ accounts, mint, revoked, journal, prices, shared, open },
    url: `${door.url}/graphql`,
    lines: written,
    announce: (...entities: string[]) =>
      shared.signals.publish(eventsTopic, JSON.stringify({ events: [{ entities }] })),
    /** Writes notes, and tells of them as a relay does. */
    async write(...texts: string[]) {
      journal.push(...texts);
      const events = [{ type: 't', aggregateId: 'a', eventId: 'e', entities: ['Asset:mine'] }];
      await shared.signals.publish(eventsTopic, JSON.stringify({ events }));
    },
    closeDoor,
    async close() {
      await closeDoor();
      await accounts.close();
    },
  };
}

import fastifyApollo from '@as-integrations/fastify';
import type { AssertionSigner, Channel } from '@simplebank/chassis/auth';
import { createErrorMask } from '@simplebank/chassis/errors';
import { closeWithin, envPrefix, listen } from '@simplebank/chassis/listen';
import type { Logger } from '@simplebank/chassis/logging';
import type { Door } from '@simplebank/chassis/subgraph';
import type { Clock } from '@simplebank/kernel/clock';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from './access.ts';
import { createHttpDoor } from './door.ts';
import type { Engine } from './engine.ts';
import { startEngine } from './engine.ts';
import type { Explorer } from './explorer.ts';
import { mountExplorer } from './explorer.ts';
import { checkGraphqlBody } from './graphql-body.ts';
import { graphqlPath } from './http-error.ts';
import type { RestRoute } from './rest.ts';
import { mountRestRoutes } from './rest-routes.ts';
import type { Story } from './story.ts';
import { createTokenVerifier } from './tokens.ts';
import { viewerOf } from './viewer.ts';

/** The caller waits this long for the whole answer; each call below gets what is left of it. */
const deadlineMs = 10_000;
const closeGraceMs = 8_000;

export type { Access } from './access.ts';
export type { Explorer } from './explorer.ts';

export type GatewayOptions = {
  readonly name: string;
  readonly channel: Channel;
  readonly host: string;
  /** 0 takes any free port; the door's `url` tells which. */
  readonly port: number;
  readonly supergraphSdl: string;
  /** Address of the process behind each subgraph of the supergraph, by its name. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly assertionSigner: AssertionSigner;
  readonly tokens: {
    readonly jwksUrl: string;
    readonly revokedUrl: string;
    readonly issuer: string;
    readonly audience: string;
  };
  readonly introspection: boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly routes?: readonly RestRoute[];
  readonly explorer?: Explorer;
  readonly access?: Access;
};

/**
 * Builds a gateway: who asks, what they may ask, and the plan over the subgraphs.
 * Nothing listens until `start`. Throws when the supergraph cannot be read, when it names a
 * subgraph without an address, or when a REST declaration does not fit it.
 */
export async function buildGateway(options: GatewayOptions): Promise<Door> {
  const log = options.log.child({ service: options.name, module: 'gateway' });
  const mask = createErrorMask(log);
  const { access, explorer, routes = [] } = options;
  const engine = await startEngine({ ...options, access, mask, log });
  const app = createHttpDoor({ ...options, mask, log });
  if (explorer) mountExplorer(app, explorer);
  await app.register(async (scope) => {
    scope.addHook('onRequest', storyTeller({ ...options, log }));
    scope.addHook('preValidation', async ({ method, routeOptions, body }) => {
      if (routeOptions.url === graphqlPath && method === 'POST') checkGraphqlBody(body);
    });
    await scope.register(fastifyApollo(engine.server), {
      path: graphqlPath,
      method: ['GET', 'POST'],
      context: async ({ story }: FastifyRequest) => {
        if (!story) throw new Error('the graph was reached without a story');
        return story;
      },
    });
    mountRestRoutes(scope, routes, engine);
  });
  return doorOf(app, engine, options);
}

/** Opens the story of a request before its body is read; a bad token ends it there. */
function storyTeller(options: GatewayOptions) {
  const { channel, tokens, clock, log } = options;
  const verifier = createTokenVerifier({ ...tokens, channel, clock, log });
  return async (request: FastifyRequest): Promise<void> => {
    const story: Story = {
      requestId: request.id,
      viewer: await viewerOf(request.headers.authorization, { tokens: verifier, channel }),
      deadlineAtMs: performance.now() + deadlineMs,
      log: log.child({ request_id: request.id }),
      operation: { name: null },
    };
    request.story = story;
  };
}

function doorOf(app: FastifyInstance, engine: Engine, options: GatewayOptions): Door {
  const { name, host, port } = options;
  let url: string | null = null;
  return {
    name: `${name}-gateway`,
    get url() {
      if (url === null) throw new Error(`the ${name} gateway listens only after its start`);
      return url;
    },
    async start() {
      url = await listen(app, { host, port, variable: `${envPrefix(name)}_PORT` });
    },
    async close() {
      url = null;
      await closeWithin(app, closeGraceMs);
      await engine.stop();
    },
    ready: async () => url !== null,
  };
}

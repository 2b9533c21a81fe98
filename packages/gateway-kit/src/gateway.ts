import type { AssertionSigner } from '@simplebank/chassis/auth';
import { createErrorMask } from '@simplebank/chassis/errors';
import { closeWithin, envPrefix, listen } from '@simplebank/chassis/listen';
import type { Logger } from '@simplebank/chassis/logging';
import type { Shared } from '@simplebank/chassis/shared';
import type { Door } from '@simplebank/chassis/subgraph';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Engine } from './engine/engine.ts';
import { startEngine } from './engine/engine.ts';
import { createHttpDoor } from './http/door.ts';
import type { Explorer } from './http/explorer.ts';
import { mountExplorer } from './http/explorer.ts';
import { mountGraph } from './http/graphql-route.ts';
import { type Callers, type CallersOptions, createCallers } from './identity/callers.ts';
import { mountSession } from './identity/session-routes.ts';
import { createOperations } from './operations/operations.ts';
import { createRespond } from './request/respond.ts';
import type { Story } from './request/story.ts';
import type { RestRoute } from './rest/rest.ts';
import { mountRestRoutes } from './rest/rest-routes.ts';
import type { Access } from './rights/access.ts';
import { createRights } from './rights/rights.ts';

/** The caller waits this long for the whole answer; each call below gets what is left of it. */
const deadlineMs = 10_000;
const closeGraceMs = 8_000;

export type { Explorer } from './http/explorer.ts';
export type { Access } from './rights/access.ts';

export type GatewayOptions = CallersOptions & {
  readonly name: string;
  readonly host: string;
  /** 0 takes any free port; the door's `url` tells which. */
  readonly port: number;
  readonly supergraphSdl: string;
  /** Address of the process behind each subgraph of the supergraph, by its name. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly assertionSigner: AssertionSigner;
  readonly introspection: boolean;
  /** What the instances of this gateway have in common, and what tells of events. */
  readonly shared: Shared;
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
  const engine = await startEngine({ ...options, mask, log });
  const { introspection } = options;
  const respond = createRespond({
    operations: createOperations({ schema: () => engine.schema, introspection }),
    rights: createRights({ access, rulesOf: engine.rulesOf }),
    run: engine.run,
  });
  const callers = createCallers({ ...options, log });
  const app = createHttpDoor({ ...options, mask, log });
  if (explorer) mountExplorer(app, explorer);
  await app.register(async (scope) => {
    scope.addHook('onRequest', storyTeller(log, callers.viewerOf));
    mountGraph(scope, respond);
    mountRestRoutes(scope, routes, { schema: engine.schema, respond });
  });
  const { browser, visitorOf } = callers;
  if (browser) {
    await app.register(async (scope) => {
      scope.addHook('onRequest', storyTeller(log, visitorOf));
      mountSession(scope, { browser, respond, clock: options.clock });
    });
  }
  return doorOf(app, engine, options);
}

/** Opens the story of a request before its body is read; a bad token ends it there. */
function storyTeller(log: Logger, viewerOf: Callers['viewerOf']) {
  return async (request: FastifyRequest): Promise<void> => {
    const story: Story = {
      requestId: request.id,
      viewer: await viewerOf(request),
      deadlineAtMs: performance.now() + deadlineMs,
      log: log.child({ request_id: request.id }),
      method: request.method,
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

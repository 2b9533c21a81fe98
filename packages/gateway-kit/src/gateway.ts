import type { AssertionSigner } from '@simplebank/chassis/auth';
import { createErrorMask } from '@simplebank/chassis/errors';
import { beginFallback } from '@simplebank/chassis/fallbacks';
import { farewellOf } from '@simplebank/chassis/farewell';
import { envPrefix, listen } from '@simplebank/chassis/listen';
import type { Shared } from '@simplebank/chassis/shared';
import { storyFields } from '@simplebank/chassis/story';
import type { Door } from '@simplebank/chassis/subgraph';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AnswerCache, createAnswerCache } from './cache/answer-cache.ts';
import type { Engine, EngineChoice } from './engine/engine.ts';
import { startEngine } from './engine/engine.ts';
import { plansHeaderName } from './engine/execute.ts';
import { createRollup, type Rollup } from './health/rollup.ts';
import { createHttpDoor } from './http/door.ts';
import type { Explorer } from './http/explorer.ts';
import { mountExplorer } from './http/explorer.ts';
import { type ReadAsked, readAsked } from './http/graphql-body.ts';
import { mountGraph } from './http/graphql-route.ts';
import { type OpeningOptions, openTo } from './http/openings.ts';
import { type Callers, type CallersOptions, createCallers } from './identity/callers.ts';
import { mountSession } from './identity/session-routes.ts';
import { addressOf } from './limits/address.ts';
import { mountDoorLimits } from './limits/door-limits.ts';
import type { Limits } from './limits/limits.ts';
import { countedBy, createLimits, noLimits } from './limits/limits.ts';
import type { LimitSettings } from './limits/settings.ts';
import { createStrangers, type Strangers } from './limits/strangers.ts';
import type { LiveDoors, LiveSettings } from './live/doors.ts';
import { openLive } from './live/doors.ts';
import { defaultCostMax } from './operations/bounds.ts';
import { createOperations } from './operations/operations.ts';
import { createPersisted, type PersistedOptions } from './operations/persisted.ts';
import { createRespond, type Respond } from './request/respond.ts';
import type { Story } from './request/story.ts';
import type { RestRoute } from './rest/rest.ts';
import { mountRestDoor } from './rest/rest-door.ts';
import { assertFits } from './rest/rest-routes.ts';
import type { Access } from './rights/access.ts';
import { createRights } from './rights/rights.ts';

/** The caller waits this long for the whole answer; each call below gets what is left of it. */
const deadlineMs = 10_000;
const closeGraceMs = 8_000;

export type { Explorer } from './http/explorer.ts';
export type { Access } from './rights/access.ts';

export type GatewayOptions = CallersOptions &
  OpeningOptions &
  EngineChoice & {
    readonly name: string;
    readonly host: string;
    /** 0 takes any free port; the door's `url` tells which. */
    readonly port: number;
    /** Address of the process behind each subgraph of the supergraph, by its name. */
    readonly subgraphUrls: Readonly<Record<string, string>>;
    /** Operations ports, by process: what the rollup asks beside the doors. */
    readonly operationsUrls?: Readonly<Record<string, string>>;
    readonly assertionSigner: AssertionSigner;
    readonly introspection: boolean;
    /** What the instances of this gateway have in common, and what tells of events. */
    readonly shared: Shared;
    readonly routes?: readonly RestRoute[];
    readonly explorer?: Explorer;
    readonly access?: Access;
    /** What is told live, over WebSocket and SSE; nothing unless told. */
    readonly live?: LiveSettings;
    /** The operations that are known by id, and whether texts are answered too: all of them are. */
    readonly persisted?: PersistedOptions;
    /** None unless told, for whoever measures the gateway alone; `config.ts` has the defaults. */
    readonly limits?: LimitSettings;
    /** Points that one operation may cost; see `operations/cost.ts`. */
    readonly costMax?: number;
    /** Lists may be asked for inside themselves; never where one of them is long. */
    readonly nestsLists?: boolean;
  };
const anyText: PersistedOptions = { manifest: new Map(), texts: true };

/**
 * Builds a gateway: who asks, what they may ask, and the plan over the subgraphs.
 * Nothing listens until `start`. Throws when the supergraph cannot be read, when it names a
 * subgraph without an address, or when a REST declaration does not fit it.
 */
export async function buildGateway(options: GatewayOptions): Promise<Door> {
  const { name, shared, explorer } = options;
  const log = options.log.child({ service: name, module: 'gateway' });
  const mask = createErrorMask(log);
  const engine = await startEngine({ ...options, mask, log });
  const way = wayThrough(engine, { ...options, log });
  const { limits, answers } = way;
  const read = readAsked(createPersisted(options.persisted ?? anyText));
  const callers = createCallers({ ...options, log });
  const strangers = createStrangers({ name, shared, localShare: options.limits?.localShare ?? 1 });
  const app = createHttpDoor({ ...options, mask, log });
  const farewell = farewellOf(app, closeGraceMs);
  const rollup = createRollup(options);
  await openTo(app, options);
  const live = openLive(app, options.live, {
    ...{ ...way, schema: engine.schema, read, callers, mask, log, service: name, strangers },
    ...{ trustedProxies: options.limits?.trustedProxies ?? 0, signals: shared.signals },
  });
  if (explorer) mountExplorer(app, explorer);
  const inside: Inside = { ...{ engine, callers, strangers, read, live }, respond: way.respond };
  await mountCalls(app, inside, { ...options, log });
  await mountSessions(app, inside, { ...options, log });
  return doorOf(app, { engine, answers, limits, live, farewell, rollup }, options);
}

/** What every operation passes, whichever door it came by. */
function wayThrough(engine: Engine, options: GatewayOptions) {
  const { access, introspection, costMax = defaultCostMax, nestsLists = false } = options;
  const schema = () => engine.schema;
  for (const dependency of Object.keys(options.subgraphUrls)) {
    beginFallback({ service: options.name, dependency, kind: 'cached' });
  }
  const limits = options.limits ? createLimits({ ...options, settings: options.limits }) : noLimits;
  const { weightsOf, rulesOf } = engine;
  const operations = createOperations({ schema, weightsOf, introspection, costMax, nestsLists });
  const rights = createRights({ access, rulesOf });
  const answers = createAnswerCache({ ...options, run: engine.run, schema });
  const respond = createRespond({ limits, operations, rights, answers });
  return { limits, operations, answers, respond };
}

type Inside = {
  readonly engine: Engine;
  readonly respond: Respond;
  readonly callers: Callers;
  readonly strangers: Strangers;
  readonly read: ReadAsked;
  readonly live: LiveDoors | null;
};

/** The graph and REST, for whoever a token or a cookie says. */
async function mountCalls(app: FastifyInstance, inside: Inside, options: GatewayOptions) {
  const { engine, respond, callers, strangers, read, live } = inside;
  const { routes = [], name } = options;
  await app.register(async (scope) => {
    mountDoorLimits(scope, countedBy(name));
    scope.addHook('onRequest', storyTeller(callers.viewerOf, strangers, options));
    mountGraph(scope, { respond, read, sse: live?.sse });
    engine.onReload((schema) => {
      for (const route of routes) assertFits(route, schema);
    });
    const sessions = callers.browser !== null;
    mountRestDoor(scope, { ...options, routes, sessions, schema: engine.schema, respond });
  });
}

/** Sign in and out of browsers, where the gateway keeps their sessions. */
async function mountSessions(app: FastifyInstance, inside: Inside, options: GatewayOptions) {
  const { respond, callers, strangers } = inside;
  const { browser, visitorOf } = callers;
  if (!browser) return;
  await app.register(async (scope) => {
    mountDoorLimits(scope, countedBy(options.name));
    scope.addHook('onRequest', storyTeller(visitorOf, strangers, options));
    mountSession(scope, { browser, respond, clock: options.clock });
  });
}

/** Opens the story of a request before its body is read; a bad token ends it there. */
function storyTeller(
  viewerOf: Callers['viewerOf'],
  strangers: Strangers,
  { name, log, limits }: GatewayOptions,
) {
  return async (request: FastifyRequest): Promise<void> => {
    const address = addressOf(request, limits?.trustedProxies ?? 0);
    const story: Story = {
      requestId: request.id,
      viewer: await strangers.meet(address, () => viewerOf(request)).catch(countedBy(name)),
      deadlineAtMs: performance.now() + deadlineMs,
      log: log.child(storyFields({ requestId: request.id, traceparent: request.traceparent })),
      traceparent: request.traceparent,
      address,
      standing: { taken: null },
      method: request.method,
      operation: { name: null },
      wantsPlan: request.headers[plansHeaderName] !== undefined,
    };
    request.story = story;
  };
}

type Behind = {
  readonly engine: Engine;
  readonly answers: AnswerCache;
  readonly limits: Limits;
  readonly live: LiveDoors | null;
  readonly farewell: ReturnType<typeof farewellOf>;
  readonly rollup: Rollup;
};

function doorOf(app: FastifyInstance, behind: Behind, options: GatewayOptions): Door {
  const { name, host, port } = options;
  let url: string | null = null;
  return {
    name: `${name}-gateway`,
    get url() {
      if (url === null) throw new Error(`the ${name} gateway listens only after its start`);
      return url;
    },
    async start() {
      await Promise.all([behind.answers.start(), behind.live?.start()]);
      url = await listen(app, { host, port, variable: `${envPrefix(name)}_PORT` });
    },
    async close() {
      url = null;
      await behind.farewell.drain();
      await behind.rollup.close();
      await behind.answers.close();
      behind.limits.close();
      await behind.engine.stop();
    },
    ...behind.farewell,
    routes: behind.rollup.routes,
    dependencies: behind.rollup.dependencies,
    ready: async () => url !== null,
  };
}

import {
  ApolloServer,
  type ApolloServerOptionsWithSchema,
  type ApolloServerPlugin,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { inStory } from '../observe/story.ts';
import type { Logger } from '../process/logging.ts';
import type { Part } from '../process/process.ts';
import { type AssertionVerifier, assertionHeader, type Viewer } from './auth.ts';
import { cachePolicyPlugin } from './cache-policy.ts';
import { degradedPlugin } from './degraded.ts';
import { createErrorMask, type ErrorMask, PublicError } from './errors.ts';
import { farewellOf } from './farewell.ts';
import { answerErrors } from './http-errors.ts';
import { envPrefix, listen } from './listen.ts';
import { causeOf, deadlineHeader, deadlineOf, type RequestStory, refuseLate } from './request.ts';
import { type RequestRecord, recordPlugin, recordRequests, withRecord } from './request-log.ts';
import { closeGraceMs, createServer } from './server.ts';

export type { RequestStory } from './request.ts';

/** An HTTP door. Its URL is known once it has started. */
export type Door = Part & { readonly url: string };

export type SubgraphOptions<C extends object> = {
  readonly name: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly schema: GraphQLSchema;
  readonly assertions: AssertionVerifier;
  /** Called once per request, behind the assertion. */
  readonly contextFor: (story: RequestStory) => C;
  readonly log: Logger;
  /** Other routes of the same door, such as public keys; they need no assertion. */
  readonly routes?: ((app: FastifyInstance) => void) | undefined;
  /** Off unless told: the schema travels by file, not by question. */
  readonly introspection?: boolean;
};

/**
 * A subgraph behind HTTP: POST /graphql for callers with an assertion for `name`, else 401.
 * Nothing listens until `start`.
 */
export async function serveSubgraph<C extends object>(options: SubgraphOptions<C>): Promise<Door> {
  const { name, host, port, routes } = options;
  const log = options.log.child({ service: name, module: 'subgraph' });
  const mask = createErrorMask(log);
  const records = new WeakMap<FastifyRequest, RequestRecord>();
  const apollo = createApollo(options, { log, mask });
  await apollo.start();

  const app = createServer();
  const farewell = farewellOf(app, closeGraceMs);
  answerErrors(app, mask);
  recordRequests(app, { name, log, records });
  graphqlRoute(app, apollo, { ...options, records });
  routes?.(app);

  let url = '';
  let listening = false;
  return {
    name: `${name}-door`,
    get url() {
      return url;
    },
    async start() {
      url = await listen(app, { host, port, variable: `${envPrefix(name)}_PORT` });
      listening = true;
      log.info({}, `${name} answers at ${url}`);
    },
    async close() {
      listening = false;
      await farewell.drain();
      await apollo.stop();
    },
    ...farewell,
    ready: async () => listening,
  };
}

type Inner = {
  readonly log: Logger;
  readonly mask: ErrorMask;
};

function createApollo<C extends object>(
  { name, schema, introspection = false }: SubgraphOptions<C>,
  { log, mask }: Inner,
): ApolloServer<C> {
  const settings: ApolloServerOptionsWithSchema<C> = {
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    // Browsers cannot reach this door: it takes JSON with a signed header only.
    csrfPrevention: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    formatError: mask.format,
    logger: {
      debug: (message) => log.debug({}, String(message)),
      info: (message) => log.info({}, String(message)),
      warn: (message) => log.warn({}, String(message)),
      error: (message) => log.error({}, String(message)),
    },
    plugins: [
      // Its books on each field of each object cost more than those; ours reads a text once.
      ApolloServerPluginCacheControlDisabled(),
      cachePolicyPlugin<C>(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      recordPlugin<C>(mask),
      degradedPlugin<C>(name),
      noSubscriptions<C>(),
    ],
  };
  return new ApolloServer<C>(settings);
}

/** Gateways make live updates of queries; run here, a subscription would answer like one. */
const noSubscriptions = <C extends object>(): ApolloServerPlugin<C> => ({
  requestDidStart: async () => ({
    async didResolveOperation({ operation, response }) {
      if (operation?.operation !== 'subscription') return;
      response.http.status = 400;
      throw new PublicError('BAD_INPUT', 'Live updates are told by the gateways.');
    },
  }),
});

type Graph<C extends object> = Pick<SubgraphOptions<C>, 'assertions' | 'contextFor'> & {
  readonly records: WeakMap<FastifyRequest, RequestRecord>;
};

function graphqlRoute<C extends object>(
  app: FastifyInstance,
  apollo: ApolloServer<C>,
  { assertions, contextFor, records }: Graph<C>,
): void {
  const viewers = new WeakMap<FastifyRequest, Viewer>();
  const left = ({ headers }: FastifyRequest) => deadlineOf(headers[deadlineHeader]);

  app.post('/graphql', {
    // Before the body is read, so that a stranger costs nothing.
    async onRequest(request, reply) {
      reply.header('cache-control', 'no-store');
      const header = request.headers[assertionHeader];
      const viewer = await assertions.verify(typeof header === 'string' ? header : undefined);
      viewers.set(request, viewer);
      const record = records.get(request);
      if (record && viewer.kind === 'principal') record.userId = viewer.customerId;
      refuseLate(left(request), reply.elapsedTime);
    },
    async preHandler(request, reply) {
      refuseLate(left(request), reply.elapsedTime);
    },
    handler: inItsStory(
      fastifyApolloHandler(apollo, {
        async context(request) {
          const viewer = viewers.get(request);
          const record = records.get(request);
          if (!viewer || !record) throw new Error(`request ${request.id} skipped its hooks`);
          const { requestId, traceparent } = record;
          const cause = causeOf(requestId, traceparent);
          return withRecord(contextFor({ viewer, cause, requestId }), record);
        },
      }),
      records,
    ),
  });
}

/** What resolvers log, and whom they call, belongs to the request. */
const inItsStory = (
  answer: RouteHandlerMethod,
  records: WeakMap<FastifyRequest, RequestRecord>,
): RouteHandlerMethod =>
  function handler(request, reply) {
    const record = records.get(request);
    const run = () => answer.call(this, request, reply);
    return record ? inStory(record, run) : run();
  };

import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { AssertionSigner } from '@simplebank/chassis/auth';
import type { ErrorMask } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import type { GraphQLSchema } from 'graphql';
import { declineTelemetry } from '../config.ts';
import type { Asked, Operation, Outcome, Run } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import { answerErrors, formatAnswerError } from './answer-errors.ts';
import type { SubgraphSource } from './subgraph-source.ts';
import { createSubgraphSource } from './subgraph-source.ts';

export type EngineOptions = {
  readonly supergraphSdl: string;
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly assertionSigner: AssertionSigner;
  readonly introspection: boolean;
  readonly mask: ErrorMask;
  readonly log: Logger;
};

export type Engine = {
  /** Runs an operation that has passed every check. */
  readonly run: Run;
  /** What callers see of the graph. */
  readonly schema: GraphQLSchema;
  stop(): Promise<void>;
};

/**
 * Plans and runs operations over the supergraph; asks no subgraph until an operation needs it.
 * Throws when the supergraph cannot be read or names a subgraph without an address.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const sources: SubgraphSource[] = [];
  declineTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    buildService: ({ name }) => {
      const source = sourceOf(name, options);
      sources.push(source);
      return source;
    },
    logger: vendorLog(options.log),
    __exposeQueryPlanExperimental: false,
  });
  const server = createServer(gateway, options);
  await server.start();
  if (!gateway.schema) throw new Error('the supergraph was not loaded');

  return {
    run: (operation, asked, story) => run(server, { operation, asked, story }),
    schema: gateway.schema,
    async stop() {
      await server.stop();
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}

type Running = { readonly operation: Operation; readonly asked: Asked; readonly story: Story };

async function run(server: ApolloServer<Story>, running: Running): Promise<Outcome> {
  const { operation, asked, story } = running;
  const { text: query, name } = operation;
  const request = {
    query,
    variables: { ...asked.variables },
    ...(name ? { operationName: name } : {}),
  };
  const { http, body } = await server.executeOperation(request, { contextValue: story });
  if (body.kind !== 'single') throw new Error('an operation was answered in parts');
  const { data, errors, extensions } = body.singleResult;
  return {
    status: http.status ?? 200,
    cacheHint: { maxAgeSeconds: 0, scope: 'PRIVATE' },
    ...(data === undefined ? {} : { data }),
    ...(errors ? { errors } : {}),
    ...(extensions ? { extensions } : {}),
  };
}

function sourceOf(name: string, { subgraphUrls, assertionSigner, mask }: EngineOptions) {
  // The names in a composed supergraph may be written in capitals; addresses are lower case.
  const subgraph = name.toLowerCase();
  const url = subgraphUrls[subgraph];
  if (url === undefined) throw new Error(`no address is configured for subgraph ${subgraph}`);
  return createSubgraphSource({ name: subgraph, url, signer: assertionSigner, mask });
}

function createServer(gateway: ApolloGateway, options: EngineOptions): ApolloServer<Story> {
  const { introspection, mask, log } = options;
  return new ApolloServer<Story>({
    gateway,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    formatError: formatAnswerError(mask),
    logger: vendorLog(log),
    plugins: [
      answerErrors(mask),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

/** The vendor's logger takes a bare message; its news of itself is for debugging. */
const vendorLog = (log: Logger) => {
  const write = (level: 'debug' | 'warn' | 'error') => (message?: unknown) =>
    log[level]({}, message instanceof Error ? message.message : String(message));
  return {
    debug: write('debug'),
    info: write('debug'),
    warn: write('warn'),
    error: write('error'),
  };
};

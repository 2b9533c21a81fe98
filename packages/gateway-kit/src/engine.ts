import { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerPlugin } from '@apollo/server';
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
import { PublicError } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import type { GraphQLSchema } from 'graphql';
import type { Access } from './access.ts';
import { accessGuard } from './access.ts';
import { answerErrors, formatAnswerError } from './answer-errors.ts';
import { declineTelemetry } from './config.ts';
import { limitRules, parseBounds } from './limits.ts';
import type { Story } from './story.ts';
import type { SubgraphSource } from './subgraph-source.ts';
import { createSubgraphSource } from './subgraph-source.ts';

export type EngineOptions = {
  readonly supergraphSdl: string;
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly assertionSigner: AssertionSigner;
  readonly introspection: boolean;
  readonly access: Access | undefined;
  readonly mask: ErrorMask;
  readonly log: Logger;
};

export type Engine = {
  readonly server: ApolloServer<Story>;
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
    server,
    schema: gateway.schema,
    async stop() {
      await server.stop();
      await Promise.all(sources.map((source) => source.close()));
    },
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
  const { access, introspection, mask, log } = options;
  return new ApolloServer<Story>({
    gateway,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: parseBounds,
    validationRules: limitRules(),
    formatError: formatAnswerError(mask),
    logger: vendorLog(log),
    plugins: [
      answerErrors(mask),
      operationNames,
      ...(access ? [accessGuard(access)] : []),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

const operationNameCharsMax = 100;

/** Left to the engine, an operation that the document lacks would be a fault of ours. */
const operationNames: ApolloServerPlugin<Story> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, operation, operationName, request }) => {
      if (!operation) throw unknownOperation(request.operationName);
      contextValue.operation.name = operationName?.slice(0, operationNameCharsMax) ?? null;
    },
  }),
};

function unknownOperation(name: string | undefined): PublicError {
  const message = name
    ? 'The document has no operation of this name.'
    : 'The document has several operations: name one.';
  return new PublicError('BAD_INPUT', message, { field: 'operationName' });
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

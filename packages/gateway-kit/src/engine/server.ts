import type { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import type { ErrorMask } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import { answerErrors, formatAnswerError } from './answer-errors.ts';
import type { Reader } from './reader.ts';

/** Where usage is reported to, with the key that allows it. */
type Reporting = {
  readonly key: string;
  readonly graphRef: string;
  /** Apollo's own unless a test listens itself. */
  readonly endpointUrl?: string;
};

export type ServerOptions = {
  readonly introspection: boolean;
  readonly reporting?: Reporting | undefined;
  readonly mask: ErrorMask;
  readonly log: Logger;
};

/** Apollo's server around a gateway: its life, and its reports of usage when they are asked for. */
export function createServer(gateway: ApolloGateway, options: ServerOptions): ApolloServer<Reader> {
  const { introspection, reporting, mask, log } = options;
  return new ApolloServer<Reader>({
    gateway,
    ...(reporting ? { apollo: { key: reporting.key, graphRef: reporting.graphRef } } : {}),
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    // Every text was checked before it came here, by the same rules and more.
    dangerouslyDisableValidation: true,
    formatError: formatAnswerError(mask),
    logger: vendorLog(log),
    plugins: [answerErrors(mask), ...pluginsFor(reporting)],
  });
}

function pluginsFor(reporting: Reporting | undefined) {
  const quiet = [
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
  ];
  const { endpointUrl } = reporting ?? {};
  return reporting
    ? [
        ...quiet,
        ApolloServerPluginCacheControl(),
        // Operations and their times; traces field by field would cost every request.
        ApolloServerPluginUsageReporting({
          fieldLevelInstrumentation: 0,
          ...(endpointUrl ? { endpointUrl } : {}),
        }),
      ]
    : [
        ...quiet,
        ApolloServerPluginCacheControlDisabled(),
        ApolloServerPluginUsageReportingDisabled(),
      ];
}

/** The vendor's logger takes a bare message; its news of itself is for debugging. */
export const vendorLog = (log: Logger) => {
  const write = (level: 'debug' | 'warn' | 'error') => (message?: unknown) =>
    log[level]({}, message instanceof Error ? message.message : String(message));
  return {
    debug: write('debug'),
    info: write('debug'),
    warn: write('warn'),
    error: write('error'),
  };
};

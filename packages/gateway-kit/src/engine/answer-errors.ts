import type { ApolloServerPlugin } from '@apollo/server';
import type { ErrorMask } from '@simplebank/chassis/errors';
import { internalMessage } from '@simplebank/chassis/errors';
import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError, Kind } from 'graphql';
import type { Story } from '../request/story.ts';

/** Codes that leave the gateway, and the HTTP status of an answer that is nothing but the error. */
export const statusByCode: Readonly<Record<string, number>> = {
  BAD_INPUT: 400,
  COST_EXCEEDED: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  PERSISTED_OPERATIONS_ONLY: 403,
  NOT_FOUND: 404,
  PERSISTED_OPERATION_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  OVERLOADED: 503,
  SUBGRAPH_UNAVAILABLE: 503,
  BULKHEAD_FULL: 503,
  DEADLINE_EXCEEDED: 503,
};

/** What the server calls a malformed request, in our words. */
const requestCodes: Readonly<Record<string, string>> = {
  BAD_REQUEST: 'BAD_INPUT',
  BAD_USER_INPUT: 'BAD_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_INPUT',
  PERSISTED_QUERY_NOT_FOUND: 'BAD_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_INPUT',
};

const variableName = /^Variable "\$(\w+)"/;
const variablePath = / at "([\w.[\]]+)"; /;
const missingField = /; Field "(\w+)" of required type/;

/** Which variable or which field inside it was wrong: graphql says so in its message only. */
export function fieldNamedIn(message: string): string | undefined {
  const name = variableName.exec(message)?.[1];
  if (name === undefined) return undefined;
  const path = variablePath.exec(message)?.[1] ?? name;
  const missing = missingField.exec(message)?.[1];
  return missing ? `${path}.${missing}` : path;
}

/** The code and the few extensions a caller may see; null for an error that must be masked. */
function publicExtensions({ message, extensions }: GraphQLFormattedError) {
  const given = typeof extensions?.['code'] === 'string' ? extensions['code'] : '';
  const code = requestCodes[given] ?? given;
  const errorId = extensions?.['errorId'];
  if (!(code in statusByCode) || (code === 'INTERNAL' && errorId === undefined)) return null;
  const field = extensions?.['field'] ?? (code === 'BAD_INPUT' ? fieldNamedIn(message) : undefined);
  const shown = { code, field, errorId, subgraph: extensions?.['subgraph'] };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
}

/** A wrong variable is the caller's fault; the library says so by the place of the error only. */
const isWrongVariable = ({ nodes }: GraphQLError): boolean =>
  nodes?.length === 1 && nodes[0]?.kind === Kind.VARIABLE_DEFINITION;

/** Errors as the graph's executor left them, made fit to leave the gateway. */
export const publicErrors = (
  errors: readonly GraphQLError[],
  { mask, requestId }: { readonly mask: ErrorMask; readonly requestId: string },
): GraphQLFormattedError[] =>
  errors.map((error) => {
    const formatted = formattedOf(error);
    if (!publicExtensions(formatted)) mask.record(error, { request_id: requestId });
    const { extensions, ...shown } = formatAnswerError(mask)(formatted, error);
    return { ...shown, extensions: { ...extensions, requestId } };
  });

/** A data source that throws leaves an error that is none of GraphQL's. */
function formattedOf(error: GraphQLError): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return asFormatted(error);
  const formatted = error.toJSON();
  if (error.extensions['code'] !== undefined || !isWrongVariable(error)) return formatted;
  return { ...formatted, extensions: { code: 'BAD_INPUT' } };
}

const asFormatted = (error: unknown): GraphQLFormattedError =>
  error instanceof GraphQLError ? error.toJSON() : { message: String(error) };

/** The server's `formatError`: public errors pass with their code, all others are masked. */
export const formatAnswerError =
  (mask: ErrorMask) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { message, locations, path } = formatted;
    const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    const extensions = publicExtensions(asFormatted(error)) ?? publicExtensions(formatted);
    if (extensions) return { message, ...place, extensions };
    const errorId = mask.record(error, {});
    return { message: internalMessage, ...place, extensions: { code: 'INTERNAL', errorId } };
  };

/** Records what will be masked under its request, and names the request in each error. */
export const answerErrors = (mask: ErrorMask): ApolloServerPlugin<Story> => ({
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue: { requestId } }) => {
      for (const error of errors) {
        if (!publicExtensions(asFormatted(error))) mask.record(error, { request_id: requestId });
      }
    },
    willSendResponse: async ({ response, contextValue: { requestId } }) => {
      if (response.body.kind !== 'single') return;
      const result = response.body.singleResult;
      if (!result.errors) return;
      result.errors = result.errors.map((error) => ({
        ...error,
        extensions: { ...error.extensions, requestId },
      }));
      // The server calls every refusal before execution a 500 unless it is its own.
      if (response.http.status === 500) response.http.status = statusOf(result.errors);
    },
  }),
});

export const statusOf = ([first]: readonly GraphQLFormattedError[]): number =>
  statusByCode[String(first?.extensions?.['code'])] ?? 500;

import { createHash } from 'node:crypto';
import type { ApolloGateway } from '@apollo/gateway';
import type { ApolloServer } from '@apollo/server';
import type { ErrorMask } from '@simplebank/chassis/errors';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { GraphQLError } from 'graphql';
import type { Asked, CacheHint, Operation, Outcome } from '../request/steps.ts';
import { publicErrors, statusOf } from './answer-errors.ts';
import { type CachePolicy, createCachePolicy, hintIn, notCacheable } from './cache-policy.ts';
import type { CompiledPlans } from './compiled-plans.ts';
import type { Reader } from './reader.ts';

type Running = {
  readonly operation: Operation;
  readonly asked: Asked;
  readonly reader: Reader;
};
export type Execute = (running: Running) => Promise<Outcome>;

type Result = Awaited<ReturnType<ApolloGateway['executor']>>;
type Context = Parameters<ApolloGateway['executor']>[0];

/** Apollo's name for it, which its Sandbox knows, too. */
const plansHeader = 'Apollo-Query-Plan-Experimental';
const plansWanted = new Map([[plansHeader, '1']]);
export const plansHeaderName = plansHeader.toLowerCase();

type Executing = {
  readonly mask: ErrorMask;
  /** Absent where the library runs everything. */
  readonly compiled: CompiledPlans | undefined;
};

/**
 * Runs operations by compiled plans, and by the gateway's own executor what has none. What the
 * server would do around it has been done: the text is parsed, checked, and chosen.
 */
export function executeByGateway(gateway: ApolloGateway, { mask, compiled }: Executing): Execute {
  const byLibrary = (running: Running, overallCachePolicy: CachePolicy) =>
    gateway.executor({ ...contextOf(running, gateway.schema), overallCachePolicy });
  return async (running) => {
    const { operation, asked, reader } = running;
    const policy = createCachePolicy();
    const run = reader.wantsPlan ? null : compiled?.of(operation);
    const answering = run ? run({ asked, reader, policy }) : byLibrary(running, policy);
    const result = await answering.catch(
      (error: unknown): Result => ({ errors: [asGraphQLError(error)] }),
    );
    const { data, errors, extensions } = result;
    const shown = errors && publicErrors(errors, { mask, requestId: reader.requestId });
    return {
      status: shown && data === undefined ? statusOf(shown) : 200,
      cacheHint: isWhole(operation, result) ? policy.hint() : notCacheable,
      ...(data === undefined ? {} : { data }),
      ...(shown ? { errors: shown } : {}),
      ...(extensions ? { extensions } : {}),
    };
  };
}

/** The values of another answer may differ; neither a change nor half an answer may be kept. */
const isWhole = ({ definition }: Operation, { errors, extensions }: Result): boolean =>
  definition.operation === 'query' && !errors && !extensions;

function contextOf({ operation, asked, reader }: Running, schema: GraphQLSchema | undefined) {
  const { text: query, document, definition } = operation;
  const name = fullNameOf(operation);
  const variables = asked.variables;
  const http = reader.wantsPlan ? { http: { method: 'POST', url: '', headers: plansWanted } } : {};
  const context = {
    request: { query, variables, ...(name ? { operationName: name } : {}), ...http },
    source: query,
    document,
    operation: definition,
    operationName: name,
    queryHash: hashOf(document, query),
    schema,
    context: reader,
    metrics: {},
    logger: console,
  };
  // The gateway asks for no more than this of what a server would give it.
  return context as unknown as Context;
}

/** As it stands in the text; what is logged and told is shortened. */
const fullNameOf = ({ definition }: Operation): string | null => definition.name?.value ?? null;

const hashes = new WeakMap<DocumentNode, string>();

/** Names the query plan of a document; made once for each. */
function hashOf(document: DocumentNode, text: string): string {
  const found = hashes.get(document);
  if (found !== undefined) return found;
  const hash = createHash('sha256').update(text).digest('hex');
  hashes.set(document, hash);
  return hash;
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('the plan could not be run', { originalError: error as Error });

/** Runs operations through the server, whose plugins report usage. */
export function executeByServer(server: ApolloServer<Reader>): Execute {
  return async ({ operation, asked, reader }) => {
    const { text: query } = operation;
    const name = fullNameOf(operation);
    const request = {
      query,
      variables: { ...asked.variables },
      ...(name ? { operationName: name } : {}),
    };
    const { http, body } = await server.executeOperation(request, { contextValue: reader });
    if (body.kind !== 'single') throw new Error('an operation was answered in parts');
    const { data, errors, extensions } = body.singleResult;
    return {
      status: http.status ?? 200,
      cacheHint: headerHint(http.headers.get('cache-control')),
      ...(data === undefined ? {} : { data }),
      ...(errors ? { errors } : {}),
      ...(extensions ? { extensions } : {}),
    };
  };
}

function headerHint(header: string | undefined): CacheHint {
  const { maxAge, scope } = hintIn(header);
  return maxAge > 0 ? { maxAgeSeconds: maxAge, scope } : notCacheable;
}

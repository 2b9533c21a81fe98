import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ExecutionResult, Kind, type OperationDefinitionNode } from 'graphql';
import type { Logger } from '../process/logging.ts';
import { type Outcome, recordOperation } from '../process/metrics.ts';
import type { ErrorMask } from './errors.ts';
import { requestIdHeader } from './request.ts';

/** What one request turned out to be; filled as it passes, read by the line that ends it. */
export type RequestRecord = {
  readonly requestId: string;
  userId: string | null;
  /** As the caller named it. */
  operationName: string | null;
  /** The root field in snake_case: a bounded set, so it may label a metric. */
  operation: string;
  outcome: Outcome | null;
};

const newRecord = (requestId: string): RequestRecord => ({
  requestId,
  userId: null,
  operationName: null,
  operation: 'unresolved',
  outcome: null,
});

const recordKey = Symbol('request record');

/** Apollo hands its plugins a copy of the context, so the record travels inside it. */
export const withRecord = <C extends object>(context: C, record: RequestRecord): C =>
  Object.assign(Object.create(Object.getPrototypeOf(context)), context, { [recordKey]: record });

const recordOf = (context: { readonly [recordKey]?: RequestRecord }) => context[recordKey];

const operationNameCharsMax = 128;

/** Tells the record what ran and how it ended; unexpected errors are logged with their request. */
export function recordPlugin<C extends object>(mask: ErrorMask): ApolloServerPlugin<C> {
  return {
    async requestDidStart({ contextValue }) {
      const record = recordOf(contextValue);
      if (!record) return;
      return {
        async didResolveOperation({ operation, operationName }) {
          if (!operation) return;
          record.operationName = operationName?.slice(0, operationNameCharsMax) ?? null;
          record.operation = labelOf(operation);
        },
        async didEncounterErrors({ errors }) {
          const { requestId, operationName, userId } = record;
          const fields = {
            request_id: requestId,
            ...(operationName ? { operation_name: operationName } : {}),
            ...(userId ? { user_id: userId } : {}),
          };
          for (const error of errors) mask.note(error, fields);
        },
        async willSendResponse(request) {
          record.outcome = outcomeOf(request);
        },
      };
    },
  };
}

/** `placeOrder` is `place_order`; an operation of several root fields bears its kind. */
function labelOf({ operation, selectionSet }: OperationDefinitionNode): string {
  const [first, ...others] = selectionSet.selections;
  if (first?.kind !== Kind.FIELD || others.length > 0) return operation;
  return first.name.value
    .replace(/^_+/, '')
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function outcomeOf<C extends object>(request: GraphQLRequestContext<C>): Outcome {
  const { http, body } = request.response;
  const status = http.status ?? 200;
  if (status >= 500) return 'error';
  if (status >= 400) return 'refused';
  if (body?.kind !== 'single') return 'ok';
  if (body.singleResult.errors?.length) return 'error';
  const mayRefuse = request.operation?.operation === 'mutation';
  return mayRefuse && isRefusal(body.singleResult.data) ? 'refused' : 'ok';
}

/** The gateway always asks for the type of a union, so a refusal shows itself. */
const isRefusal = (data: ExecutionResult['data']): boolean =>
  Object.values(data ?? {}).some(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      '__typename' in value &&
      String(value.__typename).endsWith('Refusal'),
  );

/** Of an answer that never reached the graph. */
function outcomeOfStatus(status: number): Outcome {
  if (status >= 500) return 'error';
  return status >= 400 ? 'refused' : 'ok';
}

export type Recording = {
  readonly name: string;
  readonly log: Logger;
  readonly records: WeakMap<FastifyRequest, RequestRecord>;
};

/** One line and one timing per request, whatever became of it. */
export function recordRequests(app: FastifyInstance, { name, log, records }: Recording): void {
  app.addHook('onRequest', async (request, reply) => {
    records.set(request, newRecord(request.id));
    reply.header(requestIdHeader, request.id);
  });

  app.addHook('onResponse', async (request, reply) => {
    const record = records.get(request);
    if (!record) return;
    const { statusCode, elapsedTime } = reply;
    const outcome = record.outcome ?? outcomeOfStatus(statusCode);
    const path = request.routeOptions.url ?? 'unknown';
    log.info(
      {
        request_id: record.requestId,
        request_path: path,
        request_ip: request.ip,
        ...(record.operationName ? { operation_name: record.operationName } : {}),
        ...(record.userId ? { user_id: record.userId } : {}),
        response_status: statusCode,
        timing_total_ms: Math.round(elapsedTime * 1000) / 1000,
        outcome,
      },
      'request ended',
    );
    if (path !== '/graphql') return;
    const { operation } = record;
    recordOperation({ service: name, operation, outcome, durationMs: elapsedTime });
  });
}

import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { outcomeOfStatus } from '../observe/call-metrics.ts';
import { type OpenSpan, openSpan } from '../observe/spans.ts';
import { storyFields } from '../observe/story.ts';
import { newTraceparent, traceparentHeader } from '../observe/traceparent.ts';
import type { Logger } from '../process/logging.ts';
import { type Outcome, recordOperation } from '../process/metrics.ts';
import type { ErrorMask } from './errors.ts';
import { isRefusal, operationLabel } from './operation-label.ts';
import { requestIdHeader, traceparentOf } from './request.ts';

/** What one request turned out to be; filled as it passes, read by the line that ends it. */
export type RequestRecord = {
  readonly requestId: string;
  /** What this request causes has it as its parent. */
  readonly traceparent: string;
  readonly span: OpenSpan;
  userId: string | null;
  /** As the caller named it. */
  operationName: string | null;
  /** The root field in snake_case: a bounded set, so it may label a metric. */
  operation: string;
  outcome: Outcome | null;
};

/** Only the graph is traced: keys and probes are asked for all day long, by no order's story. */
function beginSpan(service: string, { method, routeOptions, headers }: FastifyRequest): OpenSpan {
  const parent = traceparentOf(headers[traceparentHeader]);
  const path = routeOptions.url;
  if (path !== '/graphql') return { traceparent: parent, end: () => {} };
  const attributes = { 'http.request.method': method, 'http.route': path };
  return openSpan({ service, name: `${method} ${path}`, kind: 'server', parent, attributes });
}

const newRecord = (requestId: string, span: OpenSpan): RequestRecord => ({
  ...{ requestId, span, traceparent: span.traceparent ?? newTraceparent() },
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
          record.operation = operationLabel(operation);
        },
        async didEncounterErrors({ errors }) {
          const { operationName, userId } = record;
          const fields = {
            ...storyFields(record),
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

export type Recording = {
  readonly name: string;
  readonly log: Logger;
  readonly records: WeakMap<FastifyRequest, RequestRecord>;
};

/** One line and one timing per request, whatever became of it. */
export function recordRequests(app: FastifyInstance, { name, log, records }: Recording): void {
  app.addHook('onRequest', async (request, reply) => {
    records.set(request, newRecord(request.id, beginSpan(name, request)));
    reply.header(requestIdHeader, request.id);
  });

  app.addHook('onResponse', async (request, reply) => {
    const record = records.get(request);
    if (!record) return;
    const { statusCode, elapsedTime } = reply;
    const outcome = record.outcome ?? outcomeOfStatus(statusCode);
    const path = request.routeOptions.url ?? 'unknown';
    endSpan(record, { statusCode, outcome });
    log.info(
      {
        ...storyFields(record),
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

type Ending = { readonly statusCode: number; readonly outcome: Outcome };

function endSpan({ span, operation }: RequestRecord, { statusCode, outcome }: Ending): void {
  const attributes = {
    'simplebank.operation': operation,
    'simplebank.outcome': outcome,
    'http.response.status_code': statusCode,
  };
  span.end({ attributes, ...(outcome === 'error' ? { error: 'REQUEST_FAILED' } : {}) });
}

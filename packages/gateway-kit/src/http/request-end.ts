import type { Logger } from '@simplebank/chassis/logging';
import { type Outcome, recordOperation } from '@simplebank/chassis/metrics';
import { traceparentOf } from '@simplebank/chassis/request';
import { openSpan } from '@simplebank/chassis/spans';
import { storyFields } from '@simplebank/chassis/story';
import { newTraceparent, traceparentHeader } from '@simplebank/chassis/traceparent';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Asked for all day long by balancers and people: no story, and no trace. */
const untraced: ReadonlySet<string | undefined> = new Set([undefined, '/health', '/ping']);

/** A request without a trace gets one here: its id joins all that follows, recorded or not. */
export function beginTrace(service: string, request: FastifyRequest): void {
  const { method, routeOptions, headers } = request;
  const parent = traceparentOf(headers[traceparentHeader]);
  const path = routeOptions.url;
  if (path !== undefined && !untraced.has(path)) {
    const attributes = { 'http.request.method': method, 'http.route': path };
    const start = {
      service,
      name: `${method} ${path}`,
      kind: 'server',
      parent,
      attributes,
    } as const;
    request.span = openSpan(start);
  }
  request.traceparent = request.span?.traceparent ?? parent ?? newTraceparent();
}

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };
type Ending = { readonly name: string; readonly log: Logger };

/** The one line, the span and the timing that end a request. */
export function endRequest({ name, log }: Ending, { request, reply }: Exchange): void {
  const { statusCode, elapsedTime } = reply;
  const operation = operationOf(request);
  const outcome = outcomeOf(request, statusCode);
  if (operation) {
    recordOperation({ service: name, operation, outcome, durationMs: elapsedTime });
  }
  request.span?.end({
    ...(outcome === 'error' ? { error: 'REQUEST_FAILED' } : {}),
    attributes: {
      'http.response.status_code': statusCode,
      'simplebank.outcome': outcome,
      ...(operation ? { 'simplebank.operation': operation } : {}),
    },
  });
  logRequest(log, { request, reply });
}

/** By the root field of what was asked, over any route; the public health call by its name. */
const operationOf = ({ story, routeOptions }: FastifyRequest): string | undefined =>
  routeOptions.url === '/health' ? 'health' : story?.operation.label;

/** A GraphQL answer with errors is an error whatever its status, a typed refusal is refused. */
function outcomeOf({ story }: FastifyRequest, status: number): Outcome {
  if (status >= 500) return 'error';
  if (status >= 400) return 'refused';
  return story?.operation.outcome ?? 'ok';
}

/** The route as it was declared, without query or ids, and never a variable. */
function logRequest(log: Logger, { request, reply }: Exchange): void {
  const { story, id: requestId, traceparent } = request;
  const viewer = story?.viewer;
  const fields = {
    ...storyFields({ requestId, traceparent }),
    request_path: request.routeOptions.url ?? 'unknown',
    request_ip: story?.address ?? request.ip,
    operation_name: story?.operation.name ?? undefined,
    user_id: viewer?.kind === 'principal' ? viewer.customerId : undefined,
    response_status: reply.statusCode,
    timing_total_ms: Math.round(reply.elapsedTime * 1000) / 1000,
  };
  log.info(fields, 'request answered');
}

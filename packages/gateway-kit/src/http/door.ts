import type { ErrorMask } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import { requestIdHeader, requestIdOf } from '@simplebank/chassis/request';
import type { Clock } from '@simplebank/kernel/clock';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import { RefreshNeeded } from '../identity/viewer.ts';
import { LimitExceeded } from '../limits/limit-exceeded.ts';
import { bodyOf, describe, errorTypeFor } from './http-error.ts';
import { beginTrace, endRequest } from './request-end.ts';

const bodyBytesMax = 262_144;
const headerBytesMax = 16_384;
/** Receiving a whole request; whoever sends slower is cut off. */
const receiveTimeoutMs = 10_000;
/** Node looks for slow senders every half minute unless told, three times what we allow them. */
const slowSendersEveryMs = 1_000;
const idleConnectionMs = 65_000;
const retryAfterSeconds = 5;

/** Answers are data: whatever a browser takes them for, nothing in them runs, loads or posts. */
const contentSecurityPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Two years, as browsers ask of hosts that they come to by TLS alone. */
const strictTransport = { 'strict-transport-security': 'max-age=63072000' };

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': contentSecurityPolicy,
  'cache-control': 'no-store',
};

export type DoorOptions = {
  /** The gateway, for figures and spans. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly mask: ErrorMask;
  /** Reached by TLS only: browsers are told to come by nothing else. */
  readonly tls?: boolean;
  /** 10 s unless a test is in a hurry. */
  readonly receiveTimeoutMs?: number;
};

/** The HTTP side of every gateway: bounds, ids, headers, errors and the line per request. */
export function createHttpDoor(options: DoorOptions): FastifyInstance {
  const { receiveTimeoutMs: receiveWithinMs = receiveTimeoutMs } = options;
  const setOwnHeaders = ownHeaders(options);
  const app = fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: receiveWithinMs,
    keepAliveTimeout: idleConnectionMs,
    http: {
      maxHeaderSize: headerBytesMax,
      // Above the time-out of the request, Node's default lets a slow body go on for ever.
      headersTimeout: receiveWithinMs,
      connectionsCheckingInterval: slowSendersEveryMs,
    },
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers[requestIdHeader]),
    forceCloseConnections: 'idle',
    // What was sent before the caller heard of the end is answered, not refused.
    return503OnClosing: false,
    // An address that cannot be decoded reaches neither hook nor handler.
    frameworkErrors: (error, request, reply) => {
      setOwnHeaders(request, reply);
      sendError(options.mask, error, { request, reply });
    },
  });
  app.removeContentTypeParser('text/plain');
  followRequests(app, options, setOwnHeaders);
  app.setErrorHandler((error, request, reply) =>
    sendError(options.mask, error, { request, reply }),
  );
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(bodyOf({ code: 'NOT_FOUND', message: 'There is nothing here.' }, request)),
  );
  app.get('/health', async () => ({ ok: options.clock.now().toISOString() }));
  app.get('/ping', async (_, reply) => reply.type('text/plain').send('OK'));
  return app;
}

type SetHeaders = (request: FastifyRequest, reply: FastifyReply) => void;

/** Trace, headers and the line at the end of every request. */
function followRequests(app: FastifyInstance, options: DoorOptions, setHeaders: SetHeaders): void {
  app.decorateRequest('story', null);
  app.decorateRequest('span', null);
  app.decorateRequest('traceparent', '');
  app.addHook('onRequest', async (request, reply) => {
    beginTrace(options.name, request);
    setHeaders(request, reply);
  });
  app.addHook('onResponse', async (request, reply) => endRequest(options, { request, reply }));
}

const ownHeaders =
  ({ tls = false }: Pick<DoorOptions, 'tls'>) =>
  (request: FastifyRequest, reply: FastifyReply) =>
    reply.headers({
      ...securityHeaders,
      ...(tls ? strictTransport : {}),
      [requestIdHeader]: request.id,
    });

/** A page is told by the header what helps, so that it need not read our words. */
const challengeTo = (error: unknown) =>
  error instanceof RefreshNeeded ? 'Cookie refresh="/session/refresh"' : 'Bearer';

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

function sendError(mask: ErrorMask, error: unknown, { request, reply }: Exchange) {
  const fault = describe(error, () => mask.record(error, { request_id: request.id }));
  const waitSeconds = error instanceof LimitExceeded ? error.retryAfterSeconds : null;
  if (waitSeconds !== null || fault.status === 503) {
    reply.header('retry-after', String(waitSeconds ?? retryAfterSeconds));
  }
  if (fault.status === 401) reply.header('www-authenticate', challengeTo(error));
  return reply.code(fault.status).type(errorTypeFor(request)).send(bodyOf(fault, request));
}

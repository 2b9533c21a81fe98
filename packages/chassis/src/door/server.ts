import { type FastifyInstance, fastify } from 'fastify';
import { requestIdHeader, requestIdOf } from './request.ts';

const bodyBytesMax = 1_048_576;
const headersMsMax = 5_000;
const requestMsMax = 10_000;
/** Longer than any deadline, so that it only ends what hangs. */
const socketIdleMsMax = 30_000;
/** Longer than callers keep an idle connection, so that they close first. */
const keepAliveMs = 65_000;
export const closeGraceMs = 8_000;

/** An HTTP server with every bound that a door needs; it takes JSON and no other body. */
export function createServer(): FastifyInstance {
  const app = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMsMax,
    connectionTimeout: socketIdleMsMax,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: 'idle',
    // What was sent before the caller heard of the end is answered, not refused.
    return503OnClosing: false,
    http: { headersTimeout: headersMsMax, connectionsCheckingInterval: 1_000 },
    genReqId: ({ headers }) => requestIdOf(headers[requestIdHeader]),
  });
  app.removeContentTypeParser('text/plain');
  // For whoever depends on this door: that it can be reached, and nothing else.
  app.get('/health', async () => ({ ok: new Date().toISOString() }));
  return app;
}

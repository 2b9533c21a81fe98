import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Below it an answer fits a packet or two, and packing it costs more than it saves. */
const packedBytesMin = 1_024;
/** Brotli's best level takes a hundred times longer for a tenth less. */
const brotliQuality = 4;
const preflightSeconds = 600;

const exposedHeaders = [
  'age',
  'etag',
  'location',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];

export type OpeningOptions = {
  /** Whose pages may read answers, and send a session's cookies; nobody's but the gateway's own. */
  readonly corsOrigins?: readonly string[];
  /** Tells with each answer how long it took. */
  readonly timings?: boolean;
};

/** What stands between callers and every route; streams and small bodies pass as they are. */
export async function openTo(app: FastifyInstance, options: OpeningOptions): Promise<void> {
  const { corsOrigins = [], timings = false } = options;
  if (corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...corsOrigins],
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders,
      maxAge: preflightSeconds,
    });
  }
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: packedBytesMin,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } },
    // A packed request could unfold to a thousand times the bound of its body.
    globalDecompression: false,
  });
  app.addHook('onRoute', (route) => {
    route.onSend = [route.onSend ?? [], weakenTag].flat();
  });
  if (timings) {
    app.addHook('onSend', async (_, reply) => {
      reply.header('server-timing', `gateway;dur=${reply.elapsedTime.toFixed(1)}`);
    });
  }
}

/** A strong tag names bytes, and packed bytes are others (RFC 9110 §8.8.3). Runs after packing. */
async function weakenTag(_: FastifyRequest, reply: FastifyReply): Promise<void> {
  const tag = reply.getHeader('etag');
  if (!reply.hasHeader('content-encoding') || typeof tag !== 'string') return;
  if (tag.startsWith('"')) reply.header('etag', `W/${tag}`);
}

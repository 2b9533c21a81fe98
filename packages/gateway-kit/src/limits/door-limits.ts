import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LimitExceeded } from './limit-exceeded.ts';

/** Requests whose body or caller is not known yet; a body has a quarter of a megabyte at most. */
const arrivingMax = 1_000;
const retryAfterMs = 1_000;

/**
 * Bounds what waits for bodies and keys, ahead of all other limits, and says on every answer where
 * its caller stands.
 */
export function mountDoorLimits(
  scope: FastifyInstance,
  counted: (error: unknown) => never,
  max = arrivingMax,
): void {
  const arriving = new Set<FastifyRequest>();
  const arrived = async (request: FastifyRequest): Promise<void> => {
    arriving.delete(request);
  };
  scope.addHook('onRequest', async (request) => {
    if (arriving.size < max) arriving.add(request);
    else counted(new LimitExceeded({ code: 'OVERLOADED', strategy: 'pressure', retryAfterMs }));
  });
  scope.addHook('preValidation', arrived);
  scope.addHook('onRequestAbort', arrived);
  scope.addHook('onResponse', arrived);
  scope.addHook('onSend', async (request, reply) => {
    const taken = request.story?.standing.taken;
    if (!taken) return;
    reply.header('ratelimit-limit', String(taken.limit));
    reply.header('ratelimit-remaining', String(taken.remaining));
    reply.header('ratelimit-reset', String(Math.ceil(taken.resetMs / 1_000)));
  });
}

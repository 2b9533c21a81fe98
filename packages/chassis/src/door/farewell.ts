import type { FastifyInstance } from 'fastify';
import type { Part } from '../process/process.ts';
import { closeWithin } from './listen.ts';

/**
 * How a door ends. First every answer takes its connection with it, so that callers come back by
 * another instance; then it accepts no more and ends what it has, within `graceMs`. To be made
 * before the first route.
 */
export function farewellOf(
  app: FastifyInstance,
  graceMs: number,
): Required<Pick<Part, 'leave' | 'drain'>> {
  let leaving = false;
  let closed: Promise<void> | null = null;
  app.addHook('onSend', async (_request, reply) => {
    if (leaving) reply.header('connection', 'close');
  });
  return {
    leave: () => {
      leaving = true;
    },
    drain: () => {
      leaving = true;
      closed ??= closeWithin(app, graceMs);
      return closed;
    },
  };
}

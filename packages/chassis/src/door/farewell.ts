import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Part } from '../process/process.ts';
import { closeWithin } from './listen.ts';

/** One connection is accepted a turn, and so many may wait for it (Node's backlog). */
const turnsToTakeIn = 512;

/** Reads what has reached this machine already: a closed door would answer it with a reset. */
async function takeIn(): Promise<void> {
  for (let taken = 0; taken < turnsToTakeIn; taken += 1) await turn();
}

/**
 * How a door ends. First every answer takes its connection with it, so that callers come back by
 * another instance; then it takes in what was sent before, accepts no more and ends what it has,
 * within `graceMs`. To be made before the first route.
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
      closed ??= takeIn().then(() => closeWithin(app, graceMs));
      return closed;
    },
  };
}

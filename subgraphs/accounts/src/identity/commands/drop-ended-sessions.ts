import type { Deps } from '../../deps.ts';
import { dropSessionsEndedBefore } from '../data/sessions.ts';
import { endedSessionLifeMs } from '../domain/session.ts';

const sessionsMax = 500;

/**
 * Forgets families of tokens that ended long ago, one page a run. A living family keeps all its
 * tokens, so that a stolen one is recognised for as long as the family lives.
 */
export async function dropEndedSessions(deps: Deps): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - endedSessionLifeMs);
  await deps.transact((tx) => dropSessionsEndedBefore(tx, { before, max: sessionsMax }));
}

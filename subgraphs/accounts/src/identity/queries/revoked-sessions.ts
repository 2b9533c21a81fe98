import type { Deps } from '../../deps.ts';
import { listRevoked } from '../data/sessions.ts';
import { accessTokenLifeMs } from '../domain/session.ts';

/** A gateway whose clock is four minutes behind ours (ADR 0027) ends a token that much later. */
const marginMs = 300_000;
const sessionsMax = 50_000;

/** Ids of sessions that were ended while an access token of theirs may still be good. */
export function revokedSessions({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<string[]> {
  const now = clock.now().getTime();
  const after = new Date(now - accessTokenLifeMs - marginMs);
  return listRevoked(db, { after, until: new Date(now + marginMs), max: sessionsMax });
}

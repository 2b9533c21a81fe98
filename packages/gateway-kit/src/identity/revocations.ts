import type { Logger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import { z } from 'zod';

/** An access token outlives the end of its session by this much, and no more. */
const freshMs = 2_000;
/** Accounts that hangs delays a request by this much at most, and one in `freshMs` only. */
const timeoutMs = 500;

const answerShape = z.object({ sessions: z.array(z.string()) });

export type Revocations = {
  /** True when the session was ended before its access token expired. Never throws. */
  readonly has: (sessionId: string) => Promise<boolean>;
};
type RevocationsOptions = {
  readonly revokedUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
};

/**
 * The sessions that accounts has ended lately, asked for when a token is seen and what is known is
 * older than two seconds. While accounts does not answer, what was known stays in use: an outage
 * signs nobody out, and lets nobody back in.
 */
export function createRevocations({ revokedUrl, clock, log }: RevocationsOptions): Revocations {
  let known: ReadonlySet<string> = new Set();
  let askedAt: number | null = null;
  let asking: Promise<void> | null = null;
  let unanswered = false;

  async function ask(): Promise<void> {
    try {
      known = await sessionsAt(revokedUrl);
      unanswered = false;
    } catch (error) {
      if (!unanswered) log.warn({ error }, 'ended sessions are not known, those before stay');
      unanswered = true;
    }
    asking = null;
  }

  return {
    async has(sessionId) {
      const now = clock.now().getTime();
      if (askedAt === null || Math.abs(now - askedAt) >= freshMs) {
        askedAt = now;
        asking ??= ask();
      }
      if (asking) await asking;
      return known.has(sessionId);
    },
  };
}

async function sessionsAt(url: string): Promise<ReadonlySet<string>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Set(answerShape.parse(await response.json()).sessions);
}

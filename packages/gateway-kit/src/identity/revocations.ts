import { boundedMap } from '@simplebank/chassis/bounded-map';
import type { Logger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import { z } from 'zod';

/** An access token outlives the end of its session by this much, and no more. */
const freshMs = 2_000;
/** Accounts that hangs delays a request by this much at most, and one in `freshMs` only. */
const timeoutMs = 500;

/** Keys that were shown at any time; rotations are rare, so few are enough. */
const keysSeenMax = 100;

const answerShape = z.object({
  sessions: z.array(z.string()),
  /** Ids of the keys that accounts stands by; absent before it told them. */
  keys: z.array(z.string()).optional(),
});
type Told = z.infer<typeof answerShape>;

export type Revocations = {
  /**
   * True when the session was ended before its access token expired, or when accounts has withdrawn
   * the key that signed the token. Never throws.
   */
  readonly cover: (token: Named) => Promise<boolean>;
};
type Named = { readonly keyId: string; readonly sessionId: string | null };
type RevocationsOptions = {
  readonly revokedUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
};

/**
 * What accounts has taken back lately, sessions and keys, asked for when a token is seen and what
 * is known is older than two seconds. A key is withdrawn that was told of before and is no more:
 * one that was never told of is new, and its signature decides. While accounts does not answer,
 * what was known stays in use: an outage signs nobody out, and lets nobody back in.
 */
export function createRevocations({ revokedUrl, clock, log }: RevocationsOptions): Revocations {
  let ended: ReadonlySet<string> = new Set();
  let standing: ReadonlySet<string> | null = null;
  const seen = boundedMap<string, true>(keysSeenMax);
  let askedAt: number | null = null;
  let asking: Promise<void> | null = null;
  let unanswered = false;

  async function ask(): Promise<void> {
    try {
      const { sessions, keys } = await toldAt(revokedUrl);
      ended = new Set(sessions);
      standing = keys ? new Set(keys) : null;
      for (const key of keys ?? []) seen.set(key, true);
      unanswered = false;
    } catch (error) {
      if (!unanswered) log.warn({ error }, 'ended sessions are not known, those before stay');
      unanswered = true;
    }
    asking = null;
  }

  const isWithdrawn = (keyId: string) =>
    standing !== null && !standing.has(keyId) && seen.get(keyId) === true;

  return {
    async cover({ keyId, sessionId }) {
      const now = clock.now().getTime();
      if (askedAt === null || Math.abs(now - askedAt) >= freshMs) {
        askedAt = now;
        asking ??= ask();
      }
      if (asking) await asking;
      return isWithdrawn(keyId) || (sessionId !== null && ended.has(sessionId));
    },
  };
}

async function toldAt(url: string): Promise<Told> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return answerShape.parse(await response.json());
}

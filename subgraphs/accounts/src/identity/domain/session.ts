type Session = {
  readonly id: string;
  readonly identityId: string;
  readonly channel: string;
  readonly revokedAt: Date | null;
};

/** A refresh token as it is kept: its text is known to its holder only. */
export type RefreshToken = {
  readonly hash: string;
  readonly session: Session;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
};

const dayMs = 86_400_000;
export const accessTokenLifeMs = 15 * 60_000;
export const refreshTokenLifeMs = 30 * dayMs;
/** How long an ended session is kept for whoever asks what happened. */
export const endedSessionLifeMs = 30 * dayMs;

export type RefreshDecision = 'ROTATE' | 'TOKEN_EXPIRED' | 'TOKEN_REUSED';

/**
 * A token is good once, in the channel it was given to, until it expires. A second use means that
 * two hold it, and one of them is a thief: the whole family ends.
 */
export function decideRefresh(
  token: RefreshToken | null,
  { channel, now }: { readonly channel: string; readonly now: Date },
): RefreshDecision {
  if (!token || token.session.revokedAt || token.session.channel !== channel)
    return 'TOKEN_EXPIRED';
  if (token.usedAt) return 'TOKEN_REUSED';
  return now < token.expiresAt ? 'ROTATE' : 'TOKEN_EXPIRED';
}

export const attemptsMax = 10;
export const attemptWindowMs = 15 * 60_000;

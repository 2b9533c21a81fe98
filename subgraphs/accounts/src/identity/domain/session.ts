type Session = {
  readonly id: string;
  readonly identityId: string;
  readonly channel: string;
  readonly revokedAt: Date | null;
  /** Of the key that each refresh must be signed with; null for a session that has none. */
  readonly deviceThumbprint: string | null;
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

/**
 * Tabs of one browser share a token and may trade it at the same moment; all get the new one. It
 * covers their race, and whoever comes with the old token later is taken for what he is.
 */
const tabsRaceMs = 5_000;

export type RefreshDecision = 'ROTATE' | 'TOKEN_EXPIRED' | 'TOKEN_REUSED' | 'TOKEN_JUST_USED';

/**
 * A token is good once, in the channel it was given to, until it expires. A second use means that
 * two hold it, and one of them is a thief: the whole family ends. A second use by a browser within
 * moments of the first is refused only. A phone's session without a key is from before keys.
 */
export function decideRefresh(
  token: RefreshToken | null,
  { channel, now }: { readonly channel: string; readonly now: Date },
): RefreshDecision {
  if (!token || token.session.revokedAt || token.session.channel !== channel)
    return 'TOKEN_EXPIRED';
  if (token.usedAt) {
    const isRace = channel === 'web' && now.getTime() - token.usedAt.getTime() < tabsRaceMs;
    return isRace ? 'TOKEN_JUST_USED' : 'TOKEN_REUSED';
  }
  if (bindsDevices(channel) && token.session.deviceThumbprint === null) return 'TOKEN_EXPIRED';
  return now < token.expiresAt ? 'ROTATE' : 'TOKEN_EXPIRED';
}

/** A phone can keep a key that nobody copies; a browser has its cookies, staff their desks. */
export const bindsDevices = (channel: string): boolean => channel === 'mobile';

export const attemptsMax = 10;
export const attemptWindowMs = 15 * 60_000;

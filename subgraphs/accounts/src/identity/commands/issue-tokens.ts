import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { insertRefreshToken } from '../data/sessions.ts';
import type { Identity } from '../domain/identity.ts';
import { refreshTokenLifeMs } from '../domain/session.ts';
import { hashSecret, type TokenSession } from '../tokens.ts';

export type TokenPair = {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
};

export type Bearer = { readonly identity: Identity; readonly session: TokenSession };

/** A new access token, and a new refresh token of the session's family. */
export async function issueTokens(
  tx: Tx,
  deps: Deps,
  { identity, session }: Bearer,
): Promise<TokenPair> {
  const access = await deps.tokens.issue(identity, session);
  const refreshToken = deps.newSecret();
  const issuedAt = deps.clock.now();
  const expiresAt = new Date(issuedAt.getTime() + refreshTokenLifeMs);
  const hash = hashSecret(refreshToken);
  await insertRefreshToken(tx, { hash, sessionId: session.id, issuedAt, expiresAt });
  return {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken,
    refreshTokenExpiresAt: expiresAt,
  };
}

import type { Tx } from '../../data/client.ts';
import type { RefreshToken } from '../domain/session.ts';

export type NewSession = {
  readonly id: string;
  readonly identityId: string;
  readonly channel: string;
  readonly createdAt: Date;
};
export type NewToken = {
  readonly hash: string;
  readonly sessionId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
};

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.session.create({ data: session });
}

export async function insertRefreshToken(tx: Tx, token: NewToken): Promise<void> {
  await tx.refreshToken.create({ data: token });
}

/** Locks the whole family, so that of two uses at once one comes second. */
export async function lockRefreshToken(tx: Tx, hash: string): Promise<RefreshToken | null> {
  await tx.$queryRaw`/* identity.lock-session */
    SELECT s.id FROM session s JOIN refresh_token t ON t.session_id = s.id
    WHERE t.hash = ${hash} FOR UPDATE OF s`;
  return tx.refreshToken.findUnique({ where: { hash }, include: { session: true } });
}

export async function markTokenUsed(tx: Tx, hash: string, usedAt: Date): Promise<void> {
  await tx.refreshToken.update({ where: { hash }, data: { usedAt } });
}

export type Revocation = { readonly at: Date; readonly reason: 'SIGNED_OUT' | 'TOKEN_REUSED' };

/** Ends the family; false when it has ended before. */
export async function revokeSession(tx: Tx, id: string, { at, reason }: Revocation) {
  const { count } = await tx.session.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: at, revokedFor: reason },
  });
  return count === 1;
}

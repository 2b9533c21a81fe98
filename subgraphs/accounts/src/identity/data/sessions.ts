import type { Reader, Tx } from '../../data/client.ts';
import type { RefreshToken } from '../domain/session.ts';

export type NewSession = {
  readonly id: string;
  readonly identityId: string;
  readonly channel: string;
  readonly deviceThumbprint: string | null;
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

/** The family lives as long as its latest token. */
export async function insertRefreshToken(tx: Tx, token: NewToken): Promise<void> {
  await tx.refreshToken.create({ data: token });
  const { sessionId: id, expiresAt: endsAt } = token;
  await tx.session.update({ where: { id }, data: { endsAt } });
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

/** Somebody else had the token. */
export type Compromise = 'TOKEN_REUSED' | 'DEVICE_UNPROVEN';
type Reason = 'SIGNED_OUT' | 'SIGNED_OUT_EVERYWHERE' | 'PASSWORD_CHANGED' | Compromise;
export type Revocation = { readonly at: Date; readonly reason: Reason };

/** Ends the family; false when it has ended before. */
export async function revokeSession(tx: Tx, id: string, { at, reason }: Revocation) {
  const { count } = await tx.session.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: at, revokedFor: reason, endsAt: at },
  });
  return count === 1;
}

export type Revocations = Revocation & { readonly except: string | null };

/** Ends all families of an identity but one; answers how many were alive. */
export async function revokeSessions(tx: Tx, identityId: string, given: Revocations) {
  const { at, reason, except } = given;
  return tx.$executeRaw`/* identity.revoke-sessions */
    UPDATE session SET revoked_at = ${at}, revoked_for = ${reason}, ends_at = ${at}
    WHERE identity_id = ${identityId}::uuid AND revoked_at IS NULL
      AND (ends_at IS NULL OR ends_at > ${at}) AND id::text IS DISTINCT FROM ${except}`;
}

export type Lately = { readonly after: Date; readonly until: Date; readonly max: number };

/** Ids of families that somebody ended in this span, the latest first, at most `max`. */
export async function listRevoked(db: Reader, { after, until, max }: Lately): Promise<string[]> {
  const rows = await db.session.findMany({
    where: { endsAt: { gt: after, lte: until }, revokedAt: { not: null } },
    select: { id: true },
    orderBy: { endsAt: 'desc' },
    take: max,
  });
  return rows.map(({ id }) => id);
}

export type Bygone = { readonly before: Date; readonly max: number };

/** Removes families that ended before this instant, with their tokens, at most `max`. */
export async function dropSessionsEndedBefore(tx: Tx, { before, max }: Bygone): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* identity.sessions-ended */
    SELECT id::text FROM session WHERE ends_at < ${before}
    ORDER BY ends_at LIMIT ${max} FOR UPDATE SKIP LOCKED`;
  const ids = rows.map(({ id }) => id);
  await tx.refreshToken.deleteMany({ where: { sessionId: { in: ids } } });
  await tx.session.deleteMany({ where: { id: { in: ids } } });
}

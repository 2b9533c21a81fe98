import { publish } from '@simplebank/chassis/outbox';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { tokensRevoked } from '../../events/published.ts';
import { lockRefreshToken, revokeSession } from '../data/sessions.ts';
import { hashSecret } from '../tokens.ts';

/** Ends the session of this token; does nothing for an unknown token or an ended session. */
export async function signOut(
  deps: Deps,
  refreshToken: string,
  { by, cause }: Story,
): Promise<void> {
  await deps.transact(async (tx) => {
    const token = await lockRefreshToken(tx, hashSecret(refreshToken));
    if (!token) return;
    const { id, identityId } = token.session;
    const reason = 'SIGNED_OUT' as const;
    const ended = await revokeSession(tx, id, { at: deps.clock.now(), reason });
    if (!ended) return;
    await audit(tx, deps, [{ by: { ...by, actor: identityId }, command: 'signOut', subject: id }]);
    const revoked = { customerId: identityId, sessionId: id, exceptSessionId: null, reason };
    await publish(tx, deps, [tokensRevoked({ id, ...revoked }, cause)]);
  });
}

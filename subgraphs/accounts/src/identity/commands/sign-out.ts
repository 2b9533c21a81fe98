import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { lockRefreshToken, revokeSession } from '../data/sessions.ts';
import { hashSecret } from '../tokens.ts';

/** Ends the session of this token; does nothing for an unknown token or an ended session. */
export async function signOut(deps: Deps, refreshToken: string, { by }: Story): Promise<void> {
  await deps.transact(async (tx) => {
    const token = await lockRefreshToken(tx, hashSecret(refreshToken));
    if (!token) return;
    const { id, identityId } = token.session;
    const ended = await revokeSession(tx, id, { at: deps.clock.now(), reason: 'SIGNED_OUT' });
    if (!ended) return;
    await audit(tx, deps, [{ by: { ...by, actor: identityId }, command: 'signOut', subject: id }]);
  });
}

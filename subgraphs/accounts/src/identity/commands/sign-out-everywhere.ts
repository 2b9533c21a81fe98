import { publish } from '@simplebank/chassis/outbox';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { tokensRevoked } from '../../events/published.ts';
import { revokeSessions } from '../data/sessions.ts';

/** Ends every session of this identity; answers how many there were. */
export async function signOutEverywhere(
  deps: Deps,
  identityId: string,
  { by, cause }: Story,
): Promise<number> {
  return deps.transact(async (tx) => {
    const reason = 'SIGNED_OUT_EVERYWHERE' as const;
    const revocation = { at: deps.clock.now(), reason, except: null };
    const sessions = await revokeSessions(tx, identityId, revocation);
    if (sessions === 0) return 0;
    await audit(tx, deps, [{ by, command: 'signOutEverywhere', subject: identityId }]);
    const revoked = { customerId: identityId, sessionId: null, exceptSessionId: null, reason };
    await publish(tx, deps, [tokensRevoked({ id: deps.newId(), ...revoked }, cause)]);
    return sessions;
  });
}

import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { findIdentities } from '../data/identities.ts';
import { lockRefreshToken, markTokenUsed, revokeSession } from '../data/sessions.ts';
import { decideRefresh } from '../domain/session.ts';
import { hashSecret } from '../tokens.ts';
import { issueTokens, type TokenPair } from './issue-tokens.ts';

export type Refresh = { readonly refreshToken: string; readonly channel: string };
export type RefreshRefusal = { readonly code: 'TOKEN_EXPIRED' | 'TOKEN_REUSED' };

/** Trades a token for new ones; a token used twice ends its whole family, thief and owner alike. */
export async function refresh(
  deps: Deps,
  { refreshToken, channel }: Refresh,
  { by }: Story,
): Promise<Result<TokenPair, RefreshRefusal>> {
  return deps.transact(async (tx) => {
    const now = deps.clock.now();
    const token = await lockRefreshToken(tx, hashSecret(refreshToken));
    const decision = decideRefresh(token, { channel, now });
    if (!token || decision === 'TOKEN_EXPIRED') return refuse({ code: 'TOKEN_EXPIRED' });

    const { session, hash } = token;
    const actor = { ...by, actor: session.identityId };
    if (decision === 'TOKEN_REUSED') {
      await revokeSession(tx, session.id, { at: now, reason: 'TOKEN_REUSED' });
      const act = { by: actor, command: 'refresh', subject: session.id, outcome: 'TOKEN_REUSED' };
      await audit(tx, deps, [act]);
      return refuse({ code: 'TOKEN_REUSED' });
    }
    const [identity] = await findIdentities(tx, [session.identityId]);
    if (!identity) throw new Error(`session ${session.id} has lost its identity`);
    await markTokenUsed(tx, hash, now);
    return ok(await issueTokens(tx, deps, { identity, session }));
  });
}

import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { sessionCompromised } from '../../events/published.ts';
import { useProof } from '../data/device-proofs.ts';
import { findIdentities } from '../data/identities.ts';
import {
  type Compromise,
  lockRefreshToken,
  markTokenUsed,
  revokeSession,
} from '../data/sessions.ts';
import { readProof } from '../device-proofs.ts';
import {
  type DeviceRefusal,
  refreshPurpose,
  refuseDevice,
  type ShownProof,
} from '../domain/device.ts';
import { decideRefresh, type RefreshToken } from '../domain/session.ts';
import { hashSecret } from '../tokens.ts';
import { issueTokens, type TokenPair } from './issue-tokens.ts';

export type Refresh = {
  readonly refreshToken: string;
  readonly channel: string;
  readonly deviceProof: string | null;
};
export type RefreshRefusal = {
  readonly code: 'TOKEN_EXPIRED' | 'TOKEN_REUSED' | 'TOKEN_JUST_USED' | DeviceRefusal['code'];
};

/** Trades a token for new ones; a token used twice ends its whole family, thief and owner alike. */
export async function refresh(
  deps: Deps,
  { refreshToken, channel, deviceProof }: Refresh,
  story: Story,
): Promise<Result<TokenPair, RefreshRefusal>> {
  const proof = await readProof(deviceProof);
  return deps.transact(async (tx) => {
    const now = deps.clock.now();
    const token = await lockRefreshToken(tx, hashSecret(refreshToken));
    const code = decideRefresh(token, { channel, now });
    if (!token || code === 'TOKEN_EXPIRED') return refuse({ code: 'TOKEN_EXPIRED' });
    if (code === 'TOKEN_JUST_USED') return refuse({ code });

    const { session, hash } = token;
    if (code === 'TOKEN_REUSED') {
      await endStolen(tx, deps, { token, story, outcome: code, reason: code });
      return refuse({ code });
    }
    const refusal = await proveDevice(tx, token, { proof, now });
    if (refusal) {
      await tellUnproven(tx, deps, { token, story, refusal });
      return refuse({ code: refusal.code });
    }
    const [identity] = await findIdentities(tx, [session.identityId]);
    if (!identity) throw new Error(`session ${session.id} has lost its identity`);
    await markTokenUsed(tx, hash, now);
    return ok(await issueTokens(tx, deps, { identity, session }));
  });
}

type Shown = { readonly proof: ShownProof; readonly now: Date };

/** Null when the device has shown its key by a proof that nobody has used before. */
async function proveDevice(
  tx: Tx,
  { session, hash }: RefreshToken,
  { proof, now }: Shown,
): Promise<DeviceRefusal | null> {
  const bound = session.deviceThumbprint;
  const refusal = refuseDevice(bound, proof, { purpose: refreshPurpose, tokenHash: hash, now });
  if (refusal || bound === null || typeof proof === 'string') return refusal;
  const isNew = await useProof(tx, proof, now);
  return isNew ? null : { code: 'DEVICE_PROOF_INVALID', isStolen: false };
}

type Try = { readonly token: RefreshToken; readonly story: Story };

/** Every try that the device did not prove is kept; one by other hands ends the session. */
async function tellUnproven(
  tx: Tx,
  deps: Deps,
  { token, story, refusal }: Try & { readonly refusal: DeviceRefusal },
): Promise<void> {
  const { code: outcome, isStolen } = refusal;
  if (isStolen) return endStolen(tx, deps, { token, story, outcome, reason: 'DEVICE_UNPROVEN' });
  const { id: subject, identityId: actor } = token.session;
  await audit(tx, deps, [{ by: { ...story.by, actor }, command: 'refresh', subject, outcome }]);
}

type Theft = Try & { readonly outcome: string; readonly reason: Compromise };

/** The session ends, for thief and owner alike, and its owner is told. */
async function endStolen(
  tx: Tx,
  deps: Deps,
  { token, story, outcome, reason }: Theft,
): Promise<void> {
  const { id, identityId: customerId, channel } = token.session;
  await revokeSession(tx, id, { at: deps.clock.now(), reason });
  const by = { ...story.by, actor: customerId };
  await audit(tx, deps, [{ by, command: 'refresh', subject: id, outcome }]);
  const compromised = { customerId, sessionId: id, channel, reason };
  await publish(tx, deps, [sessionCompromised(compromised, story.cause)]);
}

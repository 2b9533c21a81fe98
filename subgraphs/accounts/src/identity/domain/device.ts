/** What a device says by a proof whose signature is good; whose key it is names the device. */
export type DeviceProof = {
  /** RFC 7638, of the key that signed. */
  readonly thumbprint: string;
  /** The proof's own id: no two are the same. */
  readonly jti: string;
  readonly purpose: string;
  readonly issuedAt: Date;
  /** Of the token that it is shown with. */
  readonly tokenHash: string | null;
};

/** What came with a request instead of a proof whose signature is good. */
export type ShownProof = DeviceProof | 'ABSENT' | 'UNREADABLE';

export const signInPurpose = 'urn:simplebank:signIn';
export const refreshPurpose = 'urn:simplebank:refresh';

/** Phones' clocks go wrong; a proof is good once only, so its age need not be short. */
const ageMaxMs = 120_000;
const aheadMaxMs = 60_000;
/** Of the clocks of our own processes. */
const marginMs = 60_000;
/** After it a proof is refused for its age by every clock, whether it was used or not. */
export const proofLifeMs = ageMaxMs + aheadMaxMs + marginMs;

export type ProofUse = {
  readonly purpose: string;
  readonly tokenHash: string | null;
  readonly now: Date;
};

/** Made lately, for this use and no other. */
export function fits(proof: DeviceProof, { purpose, tokenHash, now }: ProofUse): boolean {
  const ageMs = now.getTime() - proof.issuedAt.getTime();
  const isTimely = ageMs <= ageMaxMs && ageMs >= -aheadMaxMs;
  return isTimely && proof.purpose === purpose && proof.tokenHash === tokenHash;
}

export type DeviceRefusal = {
  readonly code: 'DEVICE_PROOF_REQUIRED' | 'DEVICE_PROOF_INVALID';
  /** The token is in hands that do not hold the key it was given to. */
  readonly isStolen: boolean;
};

/**
 * Who shows a living token and cannot show the key of its device has stolen it: the session must
 * end. A proof by the right key that is late or meant for another use is a fault and no theft.
 * Null when nothing speaks against the proof, or none is wanted.
 */
export function refuseDevice(
  bound: string | null,
  shown: ShownProof,
  use: ProofUse,
): DeviceRefusal | null {
  if (bound === null) return null;
  if (shown === 'ABSENT') return { code: 'DEVICE_PROOF_REQUIRED', isStolen: true };
  if (shown === 'UNREADABLE' || shown.thumbprint !== bound) {
    return { code: 'DEVICE_PROOF_INVALID', isStolen: true };
  }
  return fits(shown, use) ? null : { code: 'DEVICE_PROOF_INVALID', isStolen: false };
}

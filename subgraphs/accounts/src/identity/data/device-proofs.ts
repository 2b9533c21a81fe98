import { createHash } from 'node:crypto';
import type { Tx } from '../../data/client.ts';
import type { DeviceProof } from '../domain/device.ts';

/** False for a proof that was used before; of two uses at once one waits for the other's end. */
export async function useProof(tx: Tx, proof: DeviceProof, usedAt: Date): Promise<boolean> {
  const { thumbprint, jti } = proof;
  const id = createHash('sha256').update(`${thumbprint}.${jti}`).digest('base64url');
  const data = [{ id, usedAt }];
  const { count } = await tx.deviceProof.createMany({ data, skipDuplicates: true });
  return count === 1;
}

/** Removes proofs that are too old to be accepted again. */
export async function dropProofsBefore(tx: Tx, before: Date): Promise<void> {
  await tx.deviceProof.deleteMany({ where: { usedAt: { lt: before } } });
}

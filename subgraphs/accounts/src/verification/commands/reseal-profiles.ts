import type { Deps } from '../../deps.ts';
import { lockSealedOtherwise, replaceSealed } from '../data/profiles.ts';

const profilesMax = 100;

/** Encrypts anew what an older key has encrypted, so that the old key can go. */
export async function resealProfiles({ transact, dataKeys }: Deps): Promise<void> {
  await transact(async (tx) => {
    for (const { customerId, sealed } of await lockSealedOtherwise(
      tx,
      dataKeys.currentKeyId,
      profilesMax,
    )) {
      const anew = dataKeys.seal(dataKeys.open(sealed, customerId), customerId);
      await replaceSealed(tx, { customerId, sealed: anew });
    }
  });
}

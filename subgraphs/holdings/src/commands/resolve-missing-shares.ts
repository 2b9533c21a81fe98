import { PublicError } from '@simplebank/chassis/errors';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { insertMissingResolution, lockMissingShares } from '../data/missing-shares.ts';
import type { Deps } from '../deps.ts';
import {
  type MissingKey,
  type MissingRefusal,
  type MissingResolution,
  mayResolve,
} from '../domain/missing-shares.ts';

export type ResolveMissing = MissingKey &
  Omit<MissingResolution, 'at'> & { readonly role: string; readonly requestId: string };

/** Writes down, once, what staff did about shares that a late fill sold and nobody had. */
export async function resolveMissingShares(
  deps: Deps,
  asked: ResolveMissing,
): Promise<Result<MissingKey, MissingRefusal>> {
  return deps.transact(async (tx) => {
    const missing = await lockMissingShares(tx, asked);
    if (!missing) {
      const field = { field: 'input.executionId' };
      throw new PublicError('NOT_FOUND', 'There are no such missing shares.', field);
    }
    const decided = mayResolve(missing, asked);
    if (!decided.ok) return decided;
    const isNew = decided.value;
    const written =
      !isNew || (await insertMissingResolution(tx, { ...asked, at: deps.clock.now() }));
    return written ? ok(asked) : refuse({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });
}

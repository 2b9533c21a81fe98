import { PublicError } from '@simplebank/chassis/errors';
import { ok, type Result } from '@simplebank/kernel/result';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { lockVerification } from '../data/verifications.ts';
import {
  decide,
  type VerificationEvent,
  type VerificationRefusal,
} from '../domain/verification.ts';
import { saveMove } from './save-move.ts';

export type StaffDecision = {
  readonly customerId: string;
  readonly event: Extract<
    VerificationEvent,
    'STAFF_ACCEPTED' | 'STAFF_REJECTED' | 'MORE_REQUESTED'
  >;
  /** For the audit. */
  readonly reason: string;
  /** What the customer is told; empty to tell nothing. */
  readonly told: readonly string[];
  readonly command: string;
  readonly idempotencyKey: string | null;
};

/** What staff makes of a customer in REVIEW. Throws NOT_FOUND for no customer. */
export async function decideVerification(
  deps: Deps,
  decision: StaffDecision,
  { by, cause }: Story,
): Promise<Result<string, VerificationRefusal | KeyReused>> {
  const { customerId, event, reason, told, command, idempotencyKey: key } = decision;
  const input = { customerId, event, reason, told };
  const ask = { owner: by.actor, key, command, input, movesMoney: false };
  return once<VerificationRefusal>(deps, ask, async (tx) => {
    const before = await lockVerification(tx, customerId);
    if (!before) {
      const field = 'input.customerId';
      throw new PublicError('NOT_FOUND', 'There is no such customer.', { field });
    }
    const decided = decide(before, event, told);
    if (!decided.ok) return decided;
    await saveMove(tx, deps, { before, moved: decided.value, command, reason, by, cause });
    return ok(customerId);
  });
}

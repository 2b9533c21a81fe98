import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Tx } from '../data/client.ts';
import { keepAnswer, takeKey } from '../data/command-keys.ts';
import type { Deps } from '../deps.ts';

const dayMs = 86_400_000;
/** No command here moves money, so every key lives 30 days (domain §1). */
const keyLifeDays = 30;

export type Ask = {
  /** Whose key it is. */
  readonly ownerId: string;
  /** Null: the caller gave none, so every call is a new one. */
  readonly key: string | null;
  readonly command: string;
  /** What the command is about; a repeat of the key must come with the same. */
  readonly input: object;
};

/** Undoes whatever the transaction wrote, the key included: a refusal leaves nothing behind. */
class Refused<E> extends Error {
  readonly refusal: E;
  constructor(refusal: E) {
    super('refused');
    this.refusal = refusal;
  }
}

/**
 * Runs `work` in one transaction unless the owner's key has done the same before; then it answers
 * what the first success answered.
 */
export async function once<Answer extends object, E extends string>(
  deps: Pick<Deps, 'transact' | 'clock'>,
  ask: Ask,
  work: (tx: Tx) => Promise<Result<Answer, E>>,
): Promise<Result<Answer, E | 'IDEMPOTENCY_KEY_REUSED'>> {
  const use = useOf(deps, ask);
  try {
    return await deps.transact(async (tx) => {
      const first = use && (await takeKey(tx, use));
      if (first && first.requestHash !== use.requestHash) return refuse('IDEMPOTENCY_KEY_REUSED');
      if (first) return ok(first.answer as Answer);
      const done = await work(tx);
      if (!done.ok) throw new Refused(done.error);
      if (use) await keepAnswer(tx, use, done.value);
      return done;
    });
  } catch (error) {
    if (error instanceof Refused) return refuse((error as Refused<E>).refusal);
    throw error;
  }
}

function useOf({ clock }: Pick<Deps, 'clock'>, { ownerId, key, command, input }: Ask) {
  if (key === null) return null;
  const text = JSON.stringify([command, input]);
  const requestHash = createHash('sha256').update(text).digest('hex');
  const expiresAt = new Date(clock.now().getTime() + keyLifeDays * dayMs);
  return { ownerId, key, requestHash, expiresAt };
}

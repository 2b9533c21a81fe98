import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Tx } from '../data/client.ts';
import { claimKey } from '../data/idempotency-keys.ts';
import type { Deps } from '../deps.ts';
import { digest } from './audit.ts';

const dayMs = 86_400_000;
/** Keys of money moves and orders never expire; others live 30 days (domain §1). */
const keyLifeDays = 30;

export type Ask = {
  /** Whose key it is. */
  readonly owner: string;
  /** Null: the caller gave none, so every call is a new one. */
  readonly key: string | null;
  readonly command: string;
  readonly input: unknown;
  readonly movesMoney: boolean;
};
export type KeyReused = { readonly code: 'IDEMPOTENCY_KEY_REUSED' };

/** Rolls the transaction back with its key: a refused command leaves nothing behind. */
class Refused<E> extends Error {
  readonly refusal: E;
  constructor(refusal: E) {
    super('refused');
    this.refusal = refusal;
  }
}

/**
 * Runs `work` in one transaction unless the owner's key has done the same before; answers the id
 * of what the first one made. `work` gets the id to give to what it makes.
 */
export async function once<E>(
  deps: Pick<Deps, 'transact' | 'clock' | 'newId'>,
  ask: Ask,
  work: (tx: Tx, id: string) => Promise<Result<unknown, E>>,
): Promise<Result<string, E | KeyReused>> {
  try {
    return await deps.transact(async (tx) => {
      const id = deps.newId();
      const first = await claim(tx, deps, { ...ask, id });
      if (first) return first;
      const done = await work(tx, id);
      if (!done.ok) throw new Refused(done.error);
      return ok(id);
    });
  } catch (error) {
    if (error instanceof Refused) return refuse((error as Refused<E>).refusal);
    throw error;
  }
}

type Claim = Ask & { readonly id: string };

async function claim(tx: Tx, { clock }: Pick<Deps, 'clock'>, given: Claim) {
  const { owner, key, command, input, movesMoney, id } = given;
  if (key === null) return null;
  const createdAt = clock.now();
  const life = keyLifeDays * dayMs;
  const expiresAt = movesMoney ? null : new Date(createdAt.getTime() + life);
  const requestHash = digest({ command, input });
  const row = { owner, key, requestHash, subjectId: id, createdAt, expiresAt };
  const first = await claimKey(tx, row);
  if (!first) return null;
  if (first.requestHash === requestHash) return ok(first.subjectId);
  return refuse({ code: 'IDEMPOTENCY_KEY_REUSED' } as const);
}

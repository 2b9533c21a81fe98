import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Tx } from '../data/client.ts';
import { claimKey, keepAnswer } from '../data/idempotency-keys.ts';
import type { Deps } from '../deps.ts';

const dayMs = 86_400_000;
/** Keys of what moves money or positions never expire; others live 30 days (domain §1). */
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
 * Runs `work` in one transaction unless the owner's key has done the same before; a repeat gets
 * the first answer, which must be plain JSON.
 */
export async function once<T, E>(
  deps: Pick<Deps, 'transact' | 'clock'>,
  ask: Ask,
  work: (tx: Tx) => Promise<Result<T, E>>,
): Promise<Result<T, E | KeyReused>> {
  try {
    return await deps.transact(async (tx) => {
      const first = await claim<T>(tx, deps, ask);
      if (first) return first;
      const done = await work(tx);
      if (!done.ok) throw new Refused(done.error);
      const { owner, key } = ask;
      if (key !== null) await keepAnswer(tx, { owner, key, answer: JSON.stringify(done.value) });
      return done;
    });
  } catch (error) {
    if (error instanceof Refused) return refuse((error as Refused<E>).refusal);
    throw error;
  }
}

async function claim<T>(tx: Tx, { clock }: Pick<Deps, 'clock'>, ask: Ask) {
  const { owner, key, command, input, movesMoney } = ask;
  if (key === null) return null;
  const createdAt = clock.now();
  const life = keyLifeDays * dayMs;
  const expiresAt = movesMoney ? null : new Date(createdAt.getTime() + life);
  const requestHash = digest({ command, input });
  const first = await claimKey(tx, { owner, key, requestHash, createdAt, expiresAt });
  if (!first) return null;
  if (first.requestHash === requestHash) return ok(JSON.parse(first.answer) as T);
  return refuse({ code: 'IDEMPOTENCY_KEY_REUSED' } as const);
}

/** SHA-256 of the value as JSON with sorted keys, so that equal inputs have equal hashes. */
const digest = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex');

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Tx } from '../data/client.ts';
import { takeKey } from '../data/command-keys.ts';
import type { Deps } from '../deps.ts';
import { requestHashOf } from './request-hash.ts';

const dayMs = 86_400_000;
/** Keys of commands that move money or make orders never expire; others live 30 days (§1). */
const keyLifeDays = 30;

export type Ask = {
  /** Whose key it is. */
  readonly owner: string;
  /** Null: the caller gave none, so every call is a new one. */
  readonly key: string | null;
  readonly command: string;
  /** A repeat of the key must come with the same. */
  readonly input: object;
  readonly movesMoney: boolean;
};

/** Undoes whatever the transaction wrote, the key included: a refusal leaves nothing behind. */
class Refused<Code> extends Error {
  readonly code: Code;

  constructor(code: Code) {
    super(String(code));
    this.code = code;
  }
}

/**
 * Runs `work` in one transaction unless the owner's key has done the same before, and answers the
 * id of what the first success made or changed. `work` gets a new id, to give to what it makes; a
 * command that changes something names it as `subjectId`. Equal commands at once have one effect.
 */
export async function once<Code extends string>(
  deps: Pick<Deps, 'transact' | 'clock' | 'newId'>,
  ask: Ask & { readonly subjectId?: string },
  work: (tx: Tx, id: string) => Promise<Result<unknown, Code>>,
): Promise<Result<string, Code | 'IDEMPOTENCY_KEY_REUSED'>> {
  try {
    return await deps.transact(async (tx) => {
      const id = ask.subjectId ?? deps.newId();
      const first = await claim(tx, deps, { ...ask, id });
      if (first) return first;
      const done = await work(tx, id);
      if (!done.ok) throw new Refused(done.error);
      return ok(id);
    });
  } catch (error) {
    if (error instanceof Refused) return refuse((error as Refused<Code>).code);
    throw error;
  }
}

async function claim(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { owner, key, command, input, movesMoney, id }: Ask & { readonly id: string },
): Promise<Result<string, 'IDEMPOTENCY_KEY_REUSED'> | null> {
  if (key === null) return null;
  const usedAt = clock.now();
  const expiresAt = movesMoney ? null : new Date(usedAt.getTime() + keyLifeDays * dayMs);
  const requestHash = requestHashOf(command, input);
  const use = { ownerId: owner, key, requestHash, subjectId: id, usedAt, expiresAt };
  const first = await takeKey(tx, use);
  if (!first) return null;
  const isSame = first !== 'INVESTED' && first.requestHash === requestHash;
  return isSame ? ok(first.subjectId) : refuse('IDEMPOTENCY_KEY_REUSED');
}

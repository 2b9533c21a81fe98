import type { Fact } from '@simplebank/contracts/event';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import type { SqlRunner } from './database.ts';

export type PublishDeps = { readonly clock: Clock; readonly newId: NewId };

/** Writes facts to the outbox with one INSERT, in the caller's transaction (OPS-18). */
export async function publish(
  _tx: SqlRunner,
  _deps: PublishDeps,
  _facts: readonly Fact[],
): Promise<void> {}

import { type Entry, enter } from '../data/book.ts';
import type { Deps } from '../deps.ts';
import { accept } from '../domain/acceptance.ts';
import type { Instruction } from '../domain/order.ts';

/** Enters orders into the book; a client id that is known gets its first answer again. */
export async function takeOrders(
  deps: Deps,
  instructions: readonly Instruction[],
): Promise<readonly Entry[]> {
  const at = deps.clock.now();
  const acceptances = instructions.map((instruction) => accept(deps, instruction, at));
  return enter(deps.db, acceptances);
}

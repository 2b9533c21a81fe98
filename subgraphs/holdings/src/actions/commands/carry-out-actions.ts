import type { Cause } from '@simplebank/contracts/event';
import { lockPositions } from '../../data/positions.ts';
import type { Deps, Tx } from '../../deps.ts';
import { keyOf } from '../../domain/position.ts';
import {
  findActions,
  findHolders,
  insertActions,
  lockOpenAction,
  moveOpenAction,
  type OpenAction,
} from '../data/actions.ts';
import type { Action } from '../domain/action.ts';
import { replayPositions } from './replay-positions.ts';

/** So many positions are changed in one transaction. */
const holdersMax = 100;
/** So many pages a job makes before others get their turn; 10,000 positions. */
const pagesMax = 100;

/**
 * Writes actions down, each once, and carries them out on the first positions; the job goes on with
 * the others. Whoever books in between finds the action and carries it out on what it touches.
 */
export async function takeActions(tx: Tx, deps: Deps, actions: readonly Action[]): Promise<void> {
  const told = await insertActions(tx, actions, deps.clock.now());
  for (const action of actions) {
    if (!told.has(action.id)) continue;
    const { id: actionId, assetId } = action;
    await carryOutPage(tx, deps, { actionId, assetId, afterAccount: null });
  }
}

/** Carries open actions out, page by page, each page in a transaction of its own. */
export async function carryOutOpenActions(deps: Deps): Promise<void> {
  for (let page = 0; page < pagesMax; page += 1) {
    const worked = await deps.transact(async (tx) => {
      const open = await lockOpenAction(tx);
      if (!open) return false;
      await carryOutPage(tx, deps, open);
      return true;
    });
    if (!worked) return;
  }
}

async function carryOutPage(tx: Tx, deps: Deps, open: OpenAction): Promise<void> {
  const { actionId, assetId, afterAccount } = open;
  const keys = await findHolders(tx, { assetId, after: afterAccount, limit: holdersMax });
  const positions = await lockPositions(tx, keys);
  const actions = await findActions(tx, [assetId]);
  const causes = new Map(keys.map((key) => [keyOf(key), causeOf(actions, actionId)]));
  await replayPositions(tx, deps, { positions, actions, arrived: [], causes });
  const last = keys.length < holdersMax ? null : (keys.at(-1)?.accountId ?? null);
  await moveOpenAction(tx, actionId, last);
}

function causeOf(actions: readonly Action[], actionId: string): Cause {
  const action = actions.find(({ id }) => id === actionId);
  if (!action) throw new Error(`action ${actionId} is not there`);
  const { correlationId, eventId } = action.toldBy;
  return { correlationId, causationId: eventId, traceparent: null };
}

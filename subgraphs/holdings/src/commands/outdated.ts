import { findActions, findOutdated } from '../actions/data/actions.ts';
import type { Action } from '../actions/domain/action.ts';
import type { Tx } from '../deps.ts';
import type { Execution } from '../domain/execution.ts';
import { keyOf, type PositionKey } from '../domain/position.ts';

/**
 * Which of the positions have to be replayed, with the actions of their assets: an execution has
 * come that was made before an action, or an action was not carried out on one of them yet. For
 * nearly all bookings one statement answers that there is none.
 */
export async function outdatedBy(
  tx: Tx,
  keys: readonly PositionKey[],
  executions: readonly Execution[],
): Promise<{ readonly actions: readonly Action[]; readonly outdated: ReadonlySet<string> }> {
  const actions = await findActions(
    tx,
    keys.map(({ assetId }) => assetId),
  );
  if (actions.length === 0) return { actions, outdated: new Set() };
  const late = executions.filter(({ assetId, tradeDate }) =>
    actions.some((action) => action.assetId === assetId && tradeDate < action.exDate),
  );
  const pending = await findOutdated(tx, keys);
  return { actions, outdated: new Set([...late, ...pending].map(keyOf)) };
}

import type { Cause } from '@simplebank/contracts/event';
import type { Actor } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockRuns, saveItems } from '../data/runs.ts';
import { advance } from '../domain/advance.ts';
import { type ItemNews, type ItemSide, itemAfter } from '../domain/item.ts';
import type { Run } from '../domain/run.ts';
import { recordSteps } from './record-steps.ts';

export type RebalanceNews = {
  readonly runId: string;
  readonly side: ItemSide;
  readonly assetId: string;
  readonly news: ItemNews;
  readonly by: Actor;
  readonly cause: Cause;
};

/**
 * Applies what became of the orders of runs, and takes each run as far as its items let it. An
 * ended run stays as it ended; its items still tell what their orders did.
 */
export async function followRebalanceOrders(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  told: readonly RebalanceNews[],
): Promise<void> {
  const ids = [...new Set(told.map(({ runId }) => runId))];
  for (const run of await lockRuns(tx, ids)) {
    const own = told.filter(({ runId }) => runId === run.id);
    const last = own.at(-1);
    if (!last) continue;
    const before = own.reduce(withNews, run);
    const steps = advance(before, deps.clock.now());
    const { by, cause } = last;
    // One after another: they share the transaction's connection.
    await saveItems(tx, before);
    await recordSteps(tx, deps, { before, steps, by, command: 'followRebalanceOrders', cause });
  }
}

function withNews(run: Run, { side, assetId, news }: RebalanceNews): Run {
  const isMeant = (item: Run['items'][number]) => item.side === side && item.assetId === assetId;
  if (!run.items.some(isMeant)) {
    throw new Error(`rebalancing ${run.id} has no ${side} of asset ${assetId}`);
  }
  return { ...run, items: run.items.map((item) => (isMeant(item) ? itemAfter(item, news) : item)) };
}

import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockOrders } from '../data/strategy-orders.ts';
import { type PartNews, partAfter } from '../domain/part.ts';
import { type StrategyOrder, statusOf } from '../domain/strategy-order.ts';
import { recordOrder } from './record-order.ts';

export type OrderNews = {
  readonly strategyOrderId: string;
  readonly assetId: string;
  readonly news: PartNews;
  readonly story: Story;
};

/** Applies what became of the parts' orders; the order of arrival does not matter. */
export async function followOrders(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  told: readonly OrderNews[],
): Promise<void> {
  const ids = [...new Set(told.map(({ strategyOrderId }) => strategyOrderId))];
  for (const before of await lockOrders(tx, ids)) {
    const own = told.filter(({ strategyOrderId }) => strategyOrderId === before.id);
    const last = own.at(-1);
    const after = own.reduce(withNews, before);
    // One after another: they share the transaction's connection.
    const move = { before, after, command: 'followOrders' };
    if (last) await recordOrder(tx, deps, { ...move, story: last.story });
  }
}

function withNews(order: StrategyOrder, { assetId, news }: OrderNews): StrategyOrder {
  if (!order.parts.some((part) => part.assetId === assetId)) {
    throw new Error(`strategy order ${order.id} has no part of asset ${assetId}`);
  }
  const parts = order.parts.map((part) =>
    part.assetId === assetId ? partAfter(part, news) : part,
  );
  return { ...order, parts, status: statusOf(parts) };
}

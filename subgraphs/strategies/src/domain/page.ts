import type { Strategy } from './strategy.ts';
import type { StrategyOrder } from './strategy-order.ts';

/** One page of a connection; the cursor is the public number of its last node. */
export type Page<Node> = {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};
export type StrategyPage = Page<Strategy>;
export type StrategyOrderPage = Page<StrategyOrder>;

export type PageQuestion = { readonly first: number; readonly after: bigint | null };

/** Cuts a page out of one row more than was asked for. */
export function pageOf<Node extends { readonly number: bigint }>(
  rows: readonly Node[],
  first: number,
): Page<Node> {
  const nodes = rows.slice(0, first);
  const endCursor = nodes.at(-1)?.number.toString() ?? null;
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } };
}

import type { OrderType, Side } from './order.ts';
import type { OrderStatus } from './status.ts';

/** What listed orders have in common; null is anything. */
export type OrderFilter = {
  readonly statuses: readonly OrderStatus[] | null;
  readonly openOnly: boolean;
  readonly side: Side | null;
  readonly type: OrderType | null;
  readonly assetId: string | null;
  /** Created at or after. */
  readonly from: Date | null;
  /** Created before. */
  readonly to: Date | null;
  readonly strategyOrderId: string | null;
};

export const anyOrder: OrderFilter = {
  statuses: null,
  openOnly: false,
  side: null,
  type: null,
  assetId: null,
  from: null,
  to: null,
  strategyOrderId: null,
};

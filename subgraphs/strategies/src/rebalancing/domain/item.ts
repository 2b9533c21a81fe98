import { type Decimal, zero } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';

export type ItemSide = 'SELL' | 'BUY';
export type ItemStatus = 'PLANNED' | 'REQUESTED' | 'ORDERED' | 'COMPLETED' | 'SKIPPED';
export type ItemSkipReason =
  | 'BELOW_MINIMUM'
  | 'NOT_TRADABLE'
  | 'HALTED'
  | 'TOO_SMALL_FOR_ONE_SHARE'
  | 'ORDER_REFUSED'
  /** The run ended before it was sent. */
  | 'RUN_ENDED';

/** What an order has traded, as its end told. */
export type Filled = {
  readonly filledQuantity: Decimal;
  readonly filledValue: Decimal;
  readonly fees: Decimal;
};
export const nothingFilled: Filled = { filledQuantity: zero, filledValue: zero, fees: zero };

/** One asset that a run sells or buys, or leaves for a reason. */
export type RunItem = Filled & {
  readonly assetId: string;
  readonly side: ItemSide;
  /** The strategy's percentage; 0 for what it does not have. */
  readonly percentage: Decimal;
  /** What was held and could be sold, at the run's price of it, in whole minor units. */
  readonly value: Decimal;
  /** The last price that the run reckoned with; null where it needed none. */
  readonly price: Decimal | null;
  /** The money that brings it to its target. */
  readonly wanted: Decimal;
  /** The part of the money that this purchase gets; null until the purchases are cut. */
  readonly amount: Decimal | null;
  /** How much of it is sold; null for a purchase and for a sale that was skipped. */
  readonly quantity: Decimal | null;
  readonly status: ItemStatus;
  readonly skipReason: ItemSkipReason | null;
  /** With ORDER_REFUSED: the code of the refusal. */
  readonly code: string | null;
  readonly orderId: string | null;
  readonly orderStatus: string | null;
  /** Version of the order's end event: a late fill makes an order end a second time. */
  readonly orderVersion: number;
};

/** An item together with the currency of its run. */
export type PricedItem = RunItem & { readonly currency: Currency };

/** What orders has told about one item, in whatever order it arrives. */
export type ItemNews =
  | { readonly kind: 'ORDERED'; readonly orderId: string }
  | { readonly kind: 'REFUSED'; readonly orderId: string | null; readonly code: string }
  | (Filled & {
      readonly kind: 'COMPLETED';
      readonly orderId: string;
      readonly orderStatus: string;
      readonly orderVersion: number;
      readonly code: string | null;
    });

/** Sent, and its order has not ended as far as is known. */
export const isUnderWay = ({ status }: RunItem): boolean =>
  status === 'REQUESTED' || status === 'ORDERED';

/** A later state is never taken back by an earlier fact that arrives after it. */
export function itemAfter(item: RunItem, news: ItemNews): RunItem {
  const orderId = news.orderId ?? item.orderId;
  switch (news.kind) {
    case 'ORDERED':
      return { ...item, orderId, status: item.status === 'REQUESTED' ? 'ORDERED' : item.status };
    case 'REFUSED':
      return isUnderWay(item) ? { ...item, orderId, ...refused(news.code) } : { ...item, orderId };
    case 'COMPLETED':
      return news.orderVersion > item.orderVersion ? ended(item, news) : item;
    default:
      return news satisfies never;
  }
}

const refused = (code: string | null) => {
  const tooSmall = code === 'TOO_SMALL_FOR_ONE_SHARE';
  const skipReason: ItemSkipReason = tooSmall ? code : 'ORDER_REFUSED';
  return { status: 'SKIPPED', skipReason, code } as const;
};

type Ended = Extract<ItemNews, { kind: 'COMPLETED' }>;

function ended(item: RunItem, { kind: _, code, ...end }: Ended): RunItem {
  if (end.orderStatus === 'REJECTED') return { ...item, ...end, ...refused(code) };
  return { ...item, ...end, code, status: 'COMPLETED', skipReason: null };
}

import type { Decimal } from '@simplebank/kernel/decimal';

export type PartStatus = 'REQUESTED' | 'ORDERED' | 'COMPLETED' | 'SKIPPED';
export type SkipReason =
  | 'BELOW_MINIMUM'
  | 'NOT_TRADABLE'
  | 'HALTED'
  | 'TOO_SMALL_FOR_ONE_SHARE'
  | 'ORDER_REFUSED';

export type Part = {
  readonly assetId: string;
  readonly percentage: Decimal;
  readonly amount: Decimal;
  readonly status: PartStatus;
  readonly skipReason: SkipReason | null;
  /** With ORDER_REFUSED: the code of the refusal. */
  readonly code: string | null;
  readonly orderId: string | null;
  /** How its order ended. */
  readonly orderStatus: string | null;
  /** Version of the order's end event: a late fill makes an order end a second time. */
  readonly orderVersion: number;
};

/** The code of a part whose order has not appeared in time. */
const timedOutCode = 'ORDER_TIMEOUT';
const nothingWrong = { skipReason: null, code: null };

/** What orders has told about one part, in whatever order it arrives. */
export type PartNews =
  | { readonly kind: 'ORDERED'; readonly orderId: string }
  | { readonly kind: 'REFUSED'; readonly orderId: string | null; readonly code: string }
  | {
      readonly kind: 'COMPLETED';
      readonly orderId: string;
      readonly orderStatus: string;
      readonly orderVersion: number;
      readonly code: string | null;
    };

/** A later state is never taken back by an earlier fact that arrives after it. */
export function partAfter(part: Part, news: PartNews): Part {
  const orderId = news.orderId ?? part.orderId;
  switch (news.kind) {
    case 'ORDERED':
      return waits(part)
        ? { ...part, ...nothingWrong, orderId, status: 'ORDERED' }
        : { ...part, orderId };
    case 'REFUSED':
      return { ...part, orderId, ...refused(news.code) };
    case 'COMPLETED':
      return news.orderVersion > part.orderVersion ? completed(part, news) : part;
    default:
      return news satisfies never;
  }
}

/** An asset that is not traded in fractions is bought in whole shares, and one may be too much. */
const refused = (code: string | null) => {
  const skipReason: SkipReason =
    code === 'TOO_SMALL_FOR_ONE_SHARE' ? 'TOO_SMALL_FOR_ONE_SHARE' : 'ORDER_REFUSED';
  return { status: 'SKIPPED', skipReason, code } as const;
};

type Completed = Extract<PartNews, { kind: 'COMPLETED' }>;

function completed(part: Part, { orderId, orderStatus, orderVersion, code }: Completed): Part {
  const end = { orderId, orderStatus, orderVersion };
  if (orderStatus !== 'REJECTED') {
    return { ...part, ...nothingWrong, ...end, status: 'COMPLETED' };
  }
  return { ...part, ...end, ...refused(code) };
}

/** Nothing is known of its order: not yet, or not in time. */
const waits = ({ status, code, orderId }: Part): boolean =>
  status === 'REQUESTED' || (status === 'SKIPPED' && code === timedOutCode && orderId === null);

/**
 * Skips what orders has not answered, so that no investment waits for ever; its money is in cash.
 * An order that appears later all the same is followed.
 */
export const timedOut = (part: Part): Part =>
  part.status === 'REQUESTED'
    ? { ...part, status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code: timedOutCode }
    : part;

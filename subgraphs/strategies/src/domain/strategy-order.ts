import { type Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { type Currency, minorDigitsOf } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { AccountCopy, AssetCopy, PaymentCopy } from './copies.ts';
import { isBelowMinimum, splitAmount } from './split.ts';
import type { Slice, Strategy } from './strategy.ts';

export type StrategyOrderStatus =
  | 'WAITING_FOR_PAYMENT'
  | 'PLACING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'COMPLETED_ADJUSTED'
  | 'FAILED'
  | 'CANCELED';
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

/** An investment. `cash` and `parts` are set when it leaves WAITING_FOR_PAYMENT. */
export type StrategyOrder = {
  readonly id: string;
  readonly number: bigint;
  readonly strategyId: string;
  readonly strategyVersion: number | null;
  readonly accountId: string;
  readonly customerId: string;
  readonly amount: Decimal;
  readonly currency: Currency;
  readonly cash: Decimal | null;
  readonly paymentId: string | null;
  readonly status: StrategyOrderStatus;
  readonly parts: readonly Part[];
  readonly createdAt: Date;
  readonly eventVersion: number;
};

/** A part together with the currency that its order has. */
export type PlacedPart = Part & { readonly currency: Currency };

export type InvestRefusalCode =
  | 'STRATEGY_NOT_ACTIVE'
  | 'AMOUNT_BELOW_MINIMUM'
  | 'AMOUNT_PRECISION'
  | 'PAYMENT_NOT_FOUND'
  | 'PAYMENT_OTHER_ACCOUNT'
  | 'PAYMENT_TOO_SMALL'
  | 'PAYMENT_USED'
  | 'ACCOUNT_STATUS'
  | 'IDEMPOTENCY_KEY_REUSED';

export type Investment = {
  readonly strategy: Strategy;
  readonly account: AccountCopy;
  readonly amount: Decimal;
  /** Undefined when cash is used, null when the payment that was named is unknown. */
  readonly payment: PaymentCopy | null | undefined;
};

/** What can be refused before anything is written; PAYMENT_USED is for the database to tell. */
export function checkInvestment(
  { strategy, account, amount, payment }: Investment,
  currency: Currency,
): Result<null, InvestRefusalCode> {
  if (strategy.state !== 'ACTIVE') return refuse('STRATEGY_NOT_ACTIVE');
  if (decimalsOf(amount) > minorDigitsOf(currency)) return refuse('AMOUNT_PRECISION');
  if (isBelowMinimum(amount)) return refuse('AMOUNT_BELOW_MINIMUM');
  if (account.status !== 'ACTIVE') return refuse('ACCOUNT_STATUS');
  return payment === undefined ? ok(null) : checkPayment(payment, account, amount);
}

function checkPayment(
  payment: PaymentCopy | null,
  account: AccountCopy,
  amount: Decimal,
): Result<null, InvestRefusalCode> {
  if (payment === null || payment.kind !== 'DEPOSIT') return refuse('PAYMENT_NOT_FOUND');
  if (payment.status === 'FAILED' || payment.status === 'CANCELED') {
    return refuse('PAYMENT_NOT_FOUND');
  }
  if (payment.accountId !== account.id) return refuse('PAYMENT_OTHER_ACCOUNT');
  if (payment.amount.lessThan(amount)) return refuse('PAYMENT_TOO_SMALL');
  return ok(null);
}

const nothingOrdered = { code: null, orderId: null, orderStatus: null, orderVersion: 0 };

type Version = { readonly version: number; readonly slices: readonly Slice[] };

/** Fixes the version, cuts the amount and skips what cannot be ordered (domain §6.2). */
export function place(
  order: StrategyOrder,
  { version, slices }: Version,
  assets: ReadonlyMap<string, AssetCopy>,
): StrategyOrder {
  const { parts, cash } = splitAmount(order.amount, slices, minorDigitsOf(order.currency));
  const placed = parts.map((part): Part => {
    const skipReason = skipReasonOf(part.amount, assets.get(part.assetId));
    const status = skipReason === null ? 'REQUESTED' : 'SKIPPED';
    return { ...part, status, skipReason, ...nothingOrdered };
  });
  return { ...order, strategyVersion: version, cash, parts: placed, status: statusOf(placed) };
}

function skipReasonOf(amount: Decimal, asset: AssetCopy | undefined): SkipReason | null {
  if (isBelowMinimum(amount)) return 'BELOW_MINIMUM';
  if (asset?.state === 'HALTED') return 'HALTED';
  return asset?.state === 'ACTIVE' ? null : 'NOT_TRADABLE';
}

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
      return { ...part, orderId, status: part.status === 'REQUESTED' ? 'ORDERED' : part.status };
    case 'REFUSED': {
      const { code } = news;
      return { ...part, orderId, status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code };
    }
    case 'COMPLETED':
      return news.orderVersion > part.orderVersion ? completed(part, news) : part;
    default:
      return news satisfies never;
  }
}

type Completed = Extract<PartNews, { kind: 'COMPLETED' }>;

function completed(part: Part, { orderId, orderStatus, orderVersion, code }: Completed): Part {
  const end = { orderId, orderStatus, orderVersion };
  if (orderStatus !== 'REJECTED') return { ...part, ...end, status: 'COMPLETED' };
  return { ...part, ...end, status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code };
}

/** The status of a placed order is a function of its parts, so no order of arrival matters. */
export function statusOf(parts: readonly Part[]): StrategyOrderStatus {
  const has = (status: PartStatus) => parts.some((part) => part.status === status);
  if (has('REQUESTED')) return 'PLACING';
  if (has('ORDERED')) return 'IN_PROGRESS';
  const adjusted = has('SKIPPED') || parts.some(({ orderStatus }) => orderStatus !== 'FILLED');
  return adjusted ? 'COMPLETED_ADJUSTED' : 'COMPLETED';
}

const ends = ['COMPLETED', 'COMPLETED_ADJUSTED', 'FAILED', 'CANCELED'] as const;
export type EndStatus = (typeof ends)[number];

export const endOf = (status: StrategyOrderStatus): EndStatus | null =>
  ends.find((end) => end === status) ?? null;

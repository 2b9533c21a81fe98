import { z } from 'zod';
import {
  currency,
  decimal,
  event,
  instant,
  localDate,
  localMonth,
  type PayloadOf,
} from './event.ts';

const reservation = { orderId: z.uuid(), accountId: z.uuid(), assetId: z.uuid() };

export const PositionReservedV1 = event(
  'holdings.position-reserved.v1',
  z.object({ ...reservation, quantity: decimal }),
);
export type PositionReservedV1 = PayloadOf<typeof PositionReservedV1>;

export const PositionRefusedV1 = event(
  'holdings.position-refused.v1',
  z.object({ ...reservation, code: z.enum(['INSUFFICIENT_POSITION', 'ACCOUNT_STATUS']) }),
);
export type PositionRefusedV1 = PayloadOf<typeof PositionRefusedV1>;

export const PositionChangedV1 = event(
  'holdings.position-changed.v1',
  z.object({ accountId: z.uuid(), assetId: z.uuid(), quantity: decimal, reserved: decimal }),
);
export type PositionChangedV1 = PayloadOf<typeof PositionChangedV1>;

/** What an account held at the end of a month; `price` is the last one of that month, if any. */
const monthEndPosition = z.object({
  assetId: z.uuid(),
  symbol: z.string().nullable(),
  quantity: decimal,
  cost: decimal,
  price: decimal.nullable(),
  priceAt: instant.nullable(),
  value: decimal.nullable(),
});

/** Answers `accounts.month-ended`. The gain is net of fees, of what was matched in the month. */
export const MonthClosedV1 = event(
  'holdings.month-closed.v1',
  z.object({
    accountId: z.uuid(),
    month: localMonth,
    positions: z.array(monthEndPosition),
    realizedGain: decimal,
  }),
);
export type MonthClosedV1 = PayloadOf<typeof MonthClosedV1>;

const entitlement = {
  actionId: z.uuid(),
  accountId: z.uuid(),
  assetId: z.uuid(),
  symbol: z.string(),
};

/**
 * What an account is due of a dividend in all, `amount` half up to the cent. Said again when an
 * execution from before the ex-date is booked late: the highest version wins.
 */
export const DividendDueV1 = event(
  'holdings.dividend-due.v1',
  z.object({
    ...entitlement,
    quantity: decimal,
    rate: decimal,
    amount: decimal,
    currency,
    exDate: localDate,
    payDate: localDate,
  }),
);
export type DividendDueV1 = PayloadOf<typeof DividendDueV1>;

/** A split has changed a position and its lots, once per action and account. */
export const PositionSplitV1 = event(
  'holdings.position-split.v1',
  z.object({
    ...entitlement,
    exDate: localDate,
    numerator: z.number().int().positive(),
    denominator: z.number().int().positive(),
    quantityBefore: decimal,
    quantityAfter: decimal,
  }),
);
export type PositionSplitV1 = PayloadOf<typeof PositionSplitV1>;

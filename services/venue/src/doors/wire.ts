import { Decimal } from '@simplebank/kernel/decimal';
import { z } from 'zod';
import { outages } from '../domain/faults.ts';

const ordersMax = 500;
const idsMax = 1_000;
const symbolsMax = 2_000;
const sharesMax = 1_000_000;
const waitMsMax = 2_000;

const decimal = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,9})?$/, 'expected a decimal above zero')
  .transform((text) => new Decimal(text))
  .refine((value) => value.greaterThan(0), 'expected a decimal above zero');
const symbol = z.string().min(1).max(16);
const clientIds = z.array(z.uuid()).max(idsMax);

const order = z
  .object({
    clientId: z.uuid(),
    symbol,
    side: z.enum(['BUY', 'SELL']),
    type: z.enum(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']),
    timeInForce: z.enum(['DAY', 'GTC', 'IOC', 'FOK']),
    quantity: decimal.nullable(),
    tradeValue: decimal.nullable(),
    limitPrice: decimal,
    stopPrice: decimal.nullable(),
    expiresAt: z.iso.datetime().transform((text) => new Date(text)),
  })
  .refine(
    ({ quantity, tradeValue }) => (quantity === null) !== (tradeValue === null),
    'expected either quantity or tradeValue',
  );

export const PlaceBody = z.object({ orders: z.array(order).max(ordersMax) });
export const IdsBody = z.object({ clientIds });
const shares = z.number().int().min(1).max(sharesMax);
export const ReplaceBody = z.object({
  orders: z
    .array(
      z.object({
        clientId: z.uuid(),
        actionId: z.uuid(),
        exDate: z.iso.date(),
        numerator: shares,
        denominator: shares,
        limitPrice: decimal,
        stopPrice: decimal.nullable(),
      }),
    )
    .max(ordersMax),
});
export const ReportsBody = z.object({
  after: z.string().regex(/^\d{0,18}$/),
  /** How long to wait for a report when there is none. */
  waitMs: z.number().int().min(0).max(waitMsMax),
});
export const QuotesBody = z.object({ symbols: z.array(symbol).max(symbolsMax) });
export const FaultsBody = z
  .object({
    outage: z.enum(outages),
    latencyMs: z.number().int().min(0).max(10_000),
    lostAnswerPercent: z.number().int().min(0).max(100),
    errorPercent: z.number().int().min(0).max(100),
  })
  .partial()
  .strict();
export const HaltBody = z.object({ symbol, halted: z.boolean() });

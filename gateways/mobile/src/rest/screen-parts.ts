import { decimalShown, uuidShown } from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';

/** Parts that several screens show. Keys have one letter: a phone pays for each of them. */
export type Money = { readonly amount: string };
type MaybeAmount = { readonly amount?: Money };

export const worthFields = `
  endValue { ... on PerformanceAmount { amount { amount } } }
  gain { ... on PerformanceAmount { amount { amount } } }
`;
export type Worth = { readonly endValue: MaybeAmount; readonly gain: MaybeAmount };

export const holdingFields = 'symbol quantity value { amount } unrealizedGain { amount }';
export type Holding = {
  readonly symbol: string | null;
  readonly quantity: string;
  readonly value: Money | null;
  readonly unrealizedGain: Money | null;
};

export const holdingShown = z.object({
  s: z.string().nullable().describe('Symbol.'),
  q: decimalShown.describe('Quantity.'),
  v: decimalShown.nullable().describe('Value.'),
  g: decimalShown.nullable().describe('Gain since it was bought.'),
});

export const shownHolding = ({ symbol, quantity, value, unrealizedGain }: Holding) => ({
  s: symbol,
  q: quantity,
  v: value?.amount ?? null,
  g: unrealizedGain?.amount ?? null,
});

export const orderFields = 'id symbol side status quantity filledQuantity';
export type Order = {
  readonly id: string;
  readonly symbol: string;
  readonly side: string;
  readonly status: string;
  readonly quantity: string;
  readonly filledQuantity: string;
};

export const orderShown = z.object({
  i: uuidShown.describe('Id of the order.'),
  s: z.string().describe('Symbol.'),
  b: z.boolean().describe('Whether it buys.'),
  t: z.string().describe('Its status.'),
  q: decimalShown.describe('Quantity.'),
  f: decimalShown.describe('What of it is filled.'),
});

export const shownOrder = ({ id, symbol, side, status, quantity, filledQuantity }: Order) => ({
  i: id,
  s: symbol,
  b: side === 'BUY',
  t: status,
  q: quantity,
  f: filledQuantity,
});

/** Said only when it is so. */
export const degradedShown = z
  .literal(1)
  .optional()
  .describe('Something is missing: a part of the bank is down.');

import {
  decimalShown,
  idShown,
  instantShown,
  uuidShown,
} from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';

/** Parts that several screens show, as the graph says them and as they are shown. */
export type Money = { readonly amount: string };
type MaybeValue = { readonly amount?: Money };
type MaybeRate = { readonly rate?: string };

export const amountOf = (money: Money | null | undefined) => money?.amount ?? null;

export const performanceFields = `
  endValue { ... on PerformanceAmount { amount { amount } } }
  gain { ... on PerformanceAmount { amount { amount } } }
  twr { ... on PerformanceReturn { rate } }
`;

export type Performance = {
  readonly endValue: MaybeValue;
  readonly gain: MaybeValue;
  readonly twr: MaybeRate;
};

export const performanceShown = z.object({
  value: decimalShown.nullable(),
  gain: decimalShown.nullable(),
  return: decimalShown.nullable().describe('Time-weighted, as a fraction: 0.1 is 10 %.'),
});

export const shownPerformance = ({ endValue, gain, twr }: Performance) => ({
  value: amountOf(endValue.amount),
  gain: amountOf(gain.amount),
  return: twr.rate ?? null,
});

export const holdingFields = `
  asset { id } symbol name quantity available price value { amount } cost { amount }
  unrealizedGain { amount } isStale
`;

export type Holding = {
  readonly asset: { readonly id: string } | null;
  readonly symbol: string | null;
  readonly name: string | null;
  readonly quantity: string;
  readonly available: string;
  readonly price: string | null;
  readonly value: Money | null;
  readonly cost: Money;
  readonly unrealizedGain: Money | null;
  readonly isStale: boolean;
};

export const holdingShown = z.object({
  assetId: uuidShown.nullable(),
  symbol: z.string().nullable(),
  name: z.string().nullable(),
  quantity: decimalShown,
  available: decimalShown.describe('What is not set aside for open sales.'),
  price: decimalShown.nullable(),
  value: decimalShown.nullable(),
  cost: decimalShown,
  gain: decimalShown.nullable(),
  stale: z.boolean(),
});

export const shownHolding = ({ asset, value, cost, unrealizedGain, isStale, ...row }: Holding) => ({
  assetId: asset?.id ?? null,
  symbol: row.symbol,
  name: row.name,
  quantity: row.quantity,
  available: row.available,
  price: row.price,
  value: amountOf(value),
  cost: cost.amount,
  gain: amountOf(unrealizedGain),
  stale: isStale,
});

export const orderFields = `
  id symbol side type status quantity filledQuantity
  amount { amount } limitPrice { amount } createdAt
`;

export type Order = {
  readonly id: string;
  readonly symbol: string;
  readonly side: string;
  readonly type: string;
  readonly status: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly amount: Money | null;
  readonly limitPrice: Money | null;
  readonly createdAt: string;
};

export const orderShown = z.object({
  id: uuidShown,
  symbol: z.string(),
  side: z.enum(['BUY', 'SELL']),
  type: z.string(),
  status: z.string(),
  quantity: decimalShown,
  filledQuantity: decimalShown,
  amount: decimalShown.nullable(),
  limitPrice: decimalShown.nullable(),
  createdAt: instantShown,
});

export const shownOrder = ({ amount, limitPrice, ...order }: Order) => ({
  ...order,
  amount: amountOf(amount),
  limitPrice: amountOf(limitPrice),
});

const balancesFields = `balances {
  posted { amount } held { amount } available { amount } withdrawable { amount } debt { amount } }`;

type Balances = {
  readonly posted: Money;
  readonly held: Money;
  readonly available: Money;
  readonly withdrawable: Money;
  readonly debt: Money;
};

const balancesShown = z.object({
  posted: decimalShown,
  held: decimalShown,
  available: decimalShown,
  withdrawable: decimalShown,
  debt: decimalShown,
});

const shownBalances = (balances: Balances) => ({
  posted: balances.posted.amount,
  held: balances.held.amount,
  available: balances.available.amount,
  withdrawable: balances.withdrawable.amount,
  debt: balances.debt.amount,
});

export const accountFields = `id number name status currency ${balancesFields}`;

export type Account = {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly status: string;
  readonly currency: string;
  readonly balances: Balances;
};

export const accountShown = z.object({
  id: idShown,
  name: z.string(),
  status: z.string(),
  currency: z.string(),
  balances: balancesShown,
});

export const shownAccount = ({ number, name, status, currency, balances }: Account) => ({
  id: Number(number),
  name,
  status,
  currency,
  balances: shownBalances(balances),
});

/** Said by every screen: a part of the bank is down, and what it knows is null here. */
export const degradedShown = z
  .boolean()
  .describe('Something is missing: a part of the bank is down.');

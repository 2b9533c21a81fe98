import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency, type Money } from '@simplebank/kernel/money';
import { z } from 'zod';
import type { OrderPreviewResolvers } from '../generated/graphql.ts';
import { warningMessages } from './refusal-messages.ts';

const decimal = z.string().transform((text) => new Decimal(text));
const money = z.object({ amount: decimal, currency: z.string().refine(isCurrency) });
/** What the gateway brings back: the preview's key, and what accounts told it of the account. */
const reference = z.object({
  hold: money,
  account: z.object({ balances: z.object({ available: money }) }),
});

/** Null unless the gateway has asked accounts for the balances, which orders does not know. */
function availableAfter(preview: object): Money | null {
  const told = reference.safeParse(preview);
  if (!told.success) return null;
  const { hold, account } = told.data;
  const { amount, currency } = account.balances.available;
  return { amount: amount.minus(hold.amount), currency };
}

export const OrderPreview: OrderPreviewResolvers = {
  asset: ({ assetId }) => ({ id: assetId }),
  estimatedPrice: ({ price, currency }) => ({ amount: price, currency }),
  estimatedQuantity: ({ quantity }) => quantity,
  estimatedValue: ({ value, currency }) => ({ amount: value, currency }),
  estimatedTotal: ({ total, currency }) => ({ amount: total, currency }),
  fees: ({ fees, currency }) => ({ fees, currency }),
  hold: ({ hold, currency }) => ({ amount: hold, currency }),
  availableAfter,
  asOf: ({ pricedAt }) => pricedAt,
  warnings: ({ warnings }) => warnings.map((code) => ({ code, message: warningMessages[code] })),
};

import type { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Rebasing } from '../domain/split.ts';
import type { OrderRebasingResolvers } from '../generated/graphql.ts';

/** A split of an order, in the order's currency. */
export type RebasingOf = { readonly rebasing: Rebasing; readonly currency: Currency };

const money = (amount: Decimal | null, currency: Currency) => amount && { amount, currency };

export const OrderRebasing: OrderRebasingResolvers = {
  actionId: ({ rebasing }) => rebasing.split.actionId,
  exDate: ({ rebasing }) => rebasing.split.exDate,
  numerator: ({ rebasing }) => rebasing.split.numerator,
  denominator: ({ rebasing }) => rebasing.split.denominator,
  goesOn: ({ rebasing }) => rebasing.goesOn,
  quantity: ({ rebasing }) => rebasing.after.quantity,
  quantityBefore: ({ rebasing }) => rebasing.before.quantity,
  limitPrice: ({ rebasing: { after }, currency }) => money(after.limitPrice, currency),
  limitPriceBefore: ({ rebasing: { before }, currency }) => money(before.limitPrice, currency),
  stopPrice: ({ rebasing: { after }, currency }) => money(after.stopPrice, currency),
  stopPriceBefore: ({ rebasing: { before }, currency }) => money(before.stopPrice, currency),
};

import { countAsked } from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import { averagePriceOf, leavesOf } from '../domain/order.ts';
import type { OrderResolvers } from '../generated/graphql.ts';
import { visible } from './access.ts';

const executionsDefault = 100;

/** A field whose name and type match the domain object needs no resolver. */
export const Order: OrderResolvers = {
  __resolveReference: async ({ id }, context) =>
    isUuid(id) ? visible(await context.loaders.orders.load(id), context) : null,
  account: ({ accountId }) => ({ id: accountId }),
  asset: ({ assetId }) => ({ id: assetId }),
  name: ({ assetName }) => assetName,
  quantity: ({ quantity, filledQuantity }) => quantity ?? filledQuantity,
  amount: ({ amount, currency }) => amount && { amount, currency },
  leavesQuantity: (order) => leavesOf(order, order.filledQuantity),
  limitPrice: ({ limitPrice, currency }) => limitPrice && { amount: limitPrice, currency },
  averagePrice: (order) => {
    const amount = averagePriceOf(order);
    return amount && { amount, currency: order.currency };
  },
  fees: ({ fees, currency }) => ({ fees, currency }),
  filledValue: ({ filledValue, currency }) => ({ amount: filledValue, currency }),
  executions: async (order, { first }, { loaders }) => {
    const executions = await loaders.executions.load(order);
    return executions.slice(0, countAsked(first, { usual: executionsDefault }));
  },
};

import { countAsked, numberPlace, pageAsked, toConnection } from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import { averagePriceOf, leavesOf } from '../domain/order.ts';
import type { OrderResolvers } from '../generated/graphql.ts';
import { visible } from './access.ts';
import { nameOfPlan } from './plans.ts';

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
  stopPrice: ({ stopPrice, currency }) => stopPrice && { amount: stopPrice, currency },
  holdAmount: ({ holdAmount, currency }) => holdAmount && { amount: holdAmount, currency },
  commissionPlan: ({ commissionPlan }) => nameOfPlan(commissionPlan),
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
  history: async (order, args, { loaders }) => {
    const { first, after } = pageAsked(args, numberPlace);
    const asked = { order, after: Math.min(Number(after ?? 0), order.version), max: first + 1 };
    const entries = await loaders.lines.load(asked);
    return toConnection(
      entries.map((entry) => ({ entry, currency: order.currency })),
      { first, placeOf: ({ entry }) => [String(entry.sequence)] },
    );
  },
};

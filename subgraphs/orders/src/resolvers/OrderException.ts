import type { OrderExceptionResolvers } from '../generated/graphql.ts';

export const OrderException: OrderExceptionResolvers = {
  order: async ({ id, orderId }, _, { loaders }) => {
    const order = await loaders.orders.load(orderId);
    if (!order) throw new Error(`exception ${id} is about no order`);
    return order;
  },
};

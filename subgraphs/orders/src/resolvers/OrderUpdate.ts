import { cursorOf } from '@simplebank/chassis/connections';
import { updatePlaceOf } from '../domain/update.ts';
import type { OrderUpdateResolvers } from '../generated/graphql.ts';

/** A line of history on its way to whoever follows the account. */
export const OrderUpdate: OrderUpdateResolvers = {
  cursor: ({ place }) => cursorOf(updatePlaceOf(place)),
  line: (update) => update,
  order: async ({ place: { orderId } }, _, { loaders }) => {
    const order = await loaders.orders.load(orderId);
    if (order) return order;
    throw new Error(`order ${orderId} has a history but no row`);
  },
};

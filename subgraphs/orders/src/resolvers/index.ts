import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import type { Resolvers } from '../generated/graphql.ts';
import { Account } from './Account.ts';
import { Execution } from './Execution.ts';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { Order } from './Order.ts';
import { OrderFees } from './OrderFees.ts';
import { order } from './Query/order.ts';
import { orderByKey } from './Query/orderByKey.ts';
import { stuckOrders } from './Query/stuckOrders.ts';

export const resolvers: Resolvers = {
  ...scalars,
  Money: moneyResolvers,
  Query: { order, orderByKey, stuckOrders },
  Mutation: { placeOrder, cancelOrder },
  Account,
  Execution,
  Order,
  OrderFees,
};

import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import type { Resolvers } from '../generated/graphql.ts';
import { Account } from './Account.ts';
import { Execution } from './Execution.ts';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { cancelOrderForCustomer } from './Mutation/cancelOrderForCustomer.ts';
import { endStuckOrder } from './Mutation/endStuckOrder.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { resolveOrderException } from './Mutation/resolveOrderException.ts';
import { setCommissionPlan } from './Mutation/setCommissionPlan.ts';
import { Order } from './Order.ts';
import { OrderEvent } from './OrderEvent.ts';
import { OrderException } from './OrderException.ts';
import { OrderFees } from './OrderFees.ts';
import { OrderPreview } from './OrderPreview.ts';
import { OrderRebasing } from './OrderRebasing.ts';
import { OrderUpdate } from './OrderUpdate.ts';
import { order } from './Query/order.ts';
import { orderAsOf } from './Query/orderAsOf.ts';
import { orderByKey } from './Query/orderByKey.ts';
import { orderExceptions } from './Query/orderExceptions.ts';
import { orders } from './Query/orders.ts';
import { orderUpdatesSince } from './Query/orderUpdatesSince.ts';
import { previewOrder } from './Query/previewOrder.ts';
import { stuckOrders } from './Query/stuckOrders.ts';

export const resolvers: Resolvers = {
  ...scalars,
  Money: moneyResolvers,
  Query: {
    order,
    orderAsOf,
    orderByKey,
    orderExceptions,
    orders,
    orderUpdatesSince,
    previewOrder,
    stuckOrders,
  },
  Mutation: {
    placeOrder,
    cancelOrder,
    cancelOrderForCustomer,
    endStuckOrder,
    resolveOrderException,
    setCommissionPlan,
  },
  Account,
  Execution,
  Order,
  OrderEvent,
  OrderException,
  OrderFees,
  OrderPreview,
  OrderRebasing,
  OrderUpdate,
};

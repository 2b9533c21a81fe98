import {
  byId,
  live,
  type Matrix,
  ofOwner,
  operations,
  operationsUnknown,
  staffReads,
} from './matrix.ts';

export const orders: Matrix = {
  'Query.order': byId,
  'Query.orderByKey': { gateway: 'UYNNNF', subgraph: 'UYNNNN' },
  'Query.orderAsOf': byId,
  'Query.previewOrder': ofOwner,
  'Query.orders': { gateway: 'UY0YYF', subgraph: 'UY0YY0' },
  'Query.stuckOrders': staffReads,
  'Query.orderExceptions': staffReads,
  'Query.orderUpdatesSince': { gateway: 'UY0YYF', subgraph: 'UY0YY0' },
  'Mutation.placeOrder': ofOwner,
  'Mutation.cancelOrder': ofOwner,
  'Mutation.cancelOrderForCustomer': operations,
  'Mutation.resolveOrderException': operationsUnknown,
  'Mutation.endStuckOrder': operations,
  'Mutation.setCommissionPlan': operations,
  'Subscription.orderUpdates': live,
};

import { cancelStrategyOrder } from './Mutation/cancelStrategyOrder.ts';
import { investInStrategy } from './Mutation/investInStrategy.ts';
import { strategyOrder } from './Query/strategyOrder.ts';
import { strategyOrders } from './Query/strategyOrders.ts';
import { StrategyOrder } from './StrategyOrder.ts';
import { StrategyOrderPart } from './StrategyOrderPart.ts';

export const investingResolvers = {
  Query: { strategyOrder, strategyOrders },
  Mutation: { cancelStrategyOrder, investInStrategy },
  StrategyOrder,
  StrategyOrderPart,
};

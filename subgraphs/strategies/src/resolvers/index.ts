import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import type { Resolvers } from '../generated/graphql.ts';
import { archiveStrategy } from './Mutation/archiveStrategy.ts';
import { cancelStrategyOrder } from './Mutation/cancelStrategyOrder.ts';
import { createStrategy } from './Mutation/createStrategy.ts';
import { investInStrategy } from './Mutation/investInStrategy.ts';
import { publishVersion } from './Mutation/publishVersion.ts';
import { strategies } from './Query/strategies.ts';
import { strategy } from './Query/strategy.ts';
import { strategyOrder } from './Query/strategyOrder.ts';
import { strategyOrders } from './Query/strategyOrders.ts';
import { Strategy } from './Strategy.ts';
import { StrategyAsset } from './StrategyAsset.ts';
import { StrategyOrder } from './StrategyOrder.ts';
import { StrategyOrderPart } from './StrategyOrderPart.ts';

export const resolvers: Resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  Money: moneyResolvers,
  Query: { strategies, strategy, strategyOrder, strategyOrders },
  Mutation: {
    archiveStrategy,
    cancelStrategyOrder,
    createStrategy,
    investInStrategy,
    publishVersion,
  },
  Strategy,
  StrategyAsset,
  StrategyOrder,
  StrategyOrderPart,
};

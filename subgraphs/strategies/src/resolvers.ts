import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import { isUuid } from '@simplebank/kernel/ids';
import { electionResolvers } from './elections/resolvers/index.ts';
import type { Resolvers } from './generated/graphql.ts';
import { investingResolvers } from './investing/resolvers/index.ts';
import { planResolvers } from './plans/resolvers/index.ts';
import { rebalancingResolvers } from './rebalancing/resolvers/index.ts';
import { strategyResolvers } from './strategies/resolvers/index.ts';

/** The rooms' resolvers as one graph; two rooms may add to one type, never to one field. */
export const resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  LocalDate: scalars.LocalDate,
  Money: moneyResolvers,
  Query: {
    ...strategyResolvers.Query,
    ...investingResolvers.Query,
    ...planResolvers.Query,
    ...rebalancingResolvers.Query,
  },
  Mutation: {
    ...strategyResolvers.Mutation,
    ...investingResolvers.Mutation,
    ...electionResolvers.Mutation,
    ...planResolvers.Mutation,
    ...rebalancingResolvers.Mutation,
  },
  Account: {
    __resolveReference: ({ id }) => (isUuid(id) ? { id } : null),
    ...electionResolvers.Account,
    ...planResolvers.Account,
    ...rebalancingResolvers.Account,
  },
  Election: electionResolvers.Election,
  ElectionChange: electionResolvers.ElectionChange,
  Plan: planResolvers.Plan,
  PlanRun: planResolvers.PlanRun,
  RebalanceItem: rebalancingResolvers.RebalanceItem,
  RebalanceRun: rebalancingResolvers.RebalanceRun,
  Strategy: strategyResolvers.Strategy,
  StrategyAsset: strategyResolvers.StrategyAsset,
  StrategyOrder: investingResolvers.StrategyOrder,
  StrategyOrderPart: investingResolvers.StrategyOrderPart,
} satisfies Resolvers;

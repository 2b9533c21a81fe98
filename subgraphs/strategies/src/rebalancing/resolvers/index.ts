import { Account } from './Account.ts';
import { cancelRebalance } from './Mutation/cancelRebalance.ts';
import { startRebalance } from './Mutation/startRebalance.ts';
import { rebalanceRun } from './Query/rebalanceRun.ts';
import { RebalanceItem } from './RebalanceItem.ts';
import { RebalanceRun } from './RebalanceRun.ts';

export const rebalancingResolvers = {
  Query: { rebalanceRun },
  Mutation: { cancelRebalance, startRebalance },
  Account,
  RebalanceItem,
  RebalanceRun,
};

import { archiveStrategy } from './Mutation/archiveStrategy.ts';
import { createStrategy } from './Mutation/createStrategy.ts';
import { publishVersion } from './Mutation/publishVersion.ts';
import { strategies } from './Query/strategies.ts';
import { strategy } from './Query/strategy.ts';
import { Strategy } from './Strategy.ts';
import { StrategyAsset } from './StrategyAsset.ts';

export const strategyResolvers = {
  Query: { strategies, strategy },
  Mutation: { archiveStrategy, createStrategy, publishVersion },
  Strategy,
  StrategyAsset,
};

import type { RequestStory } from '@simplebank/chassis/request';
import type { Deps } from './deps.ts';
import { type ElectionLoaders, electionLoaders } from './elections/index.ts';
import { type InvestingLoaders, investingLoaders } from './investing/index.ts';
import { type PlanLoaders, planLoaders } from './plans/index.ts';
import { type CopyLoaders, copyLoaders } from './queries/copies.ts';
import { type RebalancingLoaders, rebalancingLoaders } from './rebalancing/index.ts';
import { type StrategyLoaders, strategyLoaders } from './strategies/index.ts';

/** One per request: its loaders batch and cache within the request and die with it. */
export type Context = Deps &
  RequestStory & {
    readonly loaders: CopyLoaders &
      ElectionLoaders &
      InvestingLoaders &
      PlanLoaders &
      RebalancingLoaders &
      StrategyLoaders;
  };

export const createContext = (deps: Deps, story: RequestStory): Context => ({
  ...deps,
  ...story,
  loaders: {
    ...copyLoaders(deps, story.viewer),
    ...electionLoaders(deps),
    ...investingLoaders(deps, story.viewer),
    ...planLoaders(deps, story.viewer),
    ...rebalancingLoaders(deps, story.viewer),
    ...strategyLoaders(deps),
  },
});

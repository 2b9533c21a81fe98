import type { RequestStory } from '@simplebank/chassis/request';
import DataLoader from 'dataloader';
import type { Deps } from './deps.ts';
import { attemptsOf } from './queries/deliveries.ts';
import { ownMessages } from './queries/messages.ts';

const loaderBatchMax = 100;

export type Context = ReturnType<typeof createContext>;

/** One per request: its loaders batch and cache within the request and die with it. */
export function createContext(deps: Deps, story: RequestStory) {
  const batch = { maxBatchSize: loaderBatchMax };
  const loaders = {
    messages: new DataLoader(
      (ids: readonly string[]) => ownMessages(deps, story.viewer, ids),
      batch,
    ),
    attempts: new DataLoader((ids: readonly string[]) => attemptsOf(deps, ids), batch),
  };
  return { ...deps, ...story, loaders };
}

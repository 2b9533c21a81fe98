import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Runtime } from '@simplebank/chassis/process';
import { createSteps, type Steps } from '@simplebank/chassis/steps';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import { openDeps } from './deps.ts';
import { consumers } from './events/consumers.ts';
import { typeDefs } from './generated/type-defs.ts';
import { resolvers } from './resolvers.ts';
import { jobs } from './worker.ts';

const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);

/** What strategies decides, step by step, for the simulation of the whole bank. */
export async function openSteps(config: Config, runtime: Runtime): Promise<Steps> {
  const deps = openDeps(config, runtime);
  return createSteps({
    subscriber: 'strategies',
    handlers: consumers(deps),
    deps,
    jobs: jobs(deps),
    graph: { schema, contextFor: (story) => createContext(deps, story) },
  });
}

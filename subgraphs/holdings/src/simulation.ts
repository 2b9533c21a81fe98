import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Runtime } from '@simplebank/chassis/process';
import { createSteps, type Steps } from '@simplebank/chassis/steps';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import { openDeps } from './deps.ts';
import { handlers } from './events/consumers.ts';
import { lockFirst } from './events/lock-first.ts';
import { typeDefs } from './generated/type-defs.ts';
import { jobs } from './jobs.ts';
import { resolvers } from './resolvers/index.ts';

const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);

/** What holdings decides, step by step, for the simulation of the whole bank. */
export async function openSteps(config: Config, runtime: Runtime): Promise<Steps> {
  const deps = openDeps(config, runtime);
  return createSteps({
    subscriber: 'holdings',
    handlers: handlers(deps),
    lockFirst,
    deps,
    jobs: jobs(deps),
    graph: { schema, contextFor: (story) => createContext(deps, story) },
  });
}

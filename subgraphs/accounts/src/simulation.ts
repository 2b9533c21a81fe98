import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Runtime } from '@simplebank/chassis/process';
import { createSteps, type Steps } from '@simplebank/chassis/steps';
import { typeDefs } from './app.ts';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import { openDeps } from './deps.ts';
import { consumers, lockAccounts } from './events/consumers.ts';
import type { PaymentProvider } from './payments/index.ts';
import { resolvers } from './resolvers.ts';
import { jobs } from './worker.ts';

export type { PaymentProvider, ProviderNotice } from './payments/provider.ts';

const schema = buildSubgraphSchema([{ typeDefs: typeDefs(), resolvers }]);

/** What accounts decides, step by step, for the simulation of the whole bank. */
export async function openSteps(
  config: Config,
  runtime: Runtime,
  provider: PaymentProvider,
): Promise<Steps> {
  const deps = { ...(await openDeps(config, runtime)), provider };
  return createSteps({
    subscriber: 'accounts',
    handlers: consumers(deps),
    lockFirst: lockAccounts,
    deps,
    jobs: jobs(deps),
    graph: { schema, contextFor: (story) => createContext(deps, story) },
  });
}

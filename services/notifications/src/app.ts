import { buildSubgraphSchema } from '@apollo/subgraph';
import { createAssertionVerifier } from '@simplebank/chassis/auth';
import { databasePart } from '@simplebank/chassis/database-part';
import { eventsRoute } from '@simplebank/chassis/events-route';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { type Door, serveSubgraph } from '@simplebank/chassis/subgraph';
import type { Worker } from '@simplebank/chassis/worker';
import { type Config, loadConfig } from './config.ts';
import { createContext } from './context.ts';
import { deliveryLoop } from './delivery-loops.ts';
import { type Deps, openDeps } from './deps.ts';
import { migrations } from './generated/migrations.ts';
import { typeDefs } from './generated/type-defs.ts';
import { resolvers } from './resolvers/index.ts';
import { buildWorker } from './worker.ts';

/** The HTTP door and the worker of notifications, and what delivers, ready to be started. */
export type App = {
  readonly door: Door;
  readonly worker: Worker;
  readonly deliveries: readonly Part[];
  readonly deps: Deps;
};

export async function buildApp(config: Config, runtime: Runtime): Promise<App> {
  const deps = openDeps(config, runtime);
  const door = await serveSubgraph({
    name: 'notifications',
    host: config.NOTIFICATIONS_HOST,
    port: config.NOTIFICATIONS_PORT,
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    assertions: createAssertionVerifier({
      publicKeys: config.ASSERTION_PUBLIC_KEYS,
      audience: 'notifications',
      clock: runtime.clock,
    }),
    contextFor: (story) => createContext(deps, story),
    log: runtime.log,
  });
  const deliveries = deps.channels.map((channel) => deliveryLoop(deps, channel));
  return { door, worker: buildWorker(deps, runtime), deliveries, deps };
}

/** Tells customers what happened, and shows them what they were told. */
export const notifications: ProcessDefinition<Config> = {
  name: 'notifications',
  loadConfig,
  async build(config, runtime) {
    const { door, worker, deliveries, deps } = await buildApp(config, runtime);
    const database = databasePart({ service: 'notifications', db: deps.db, migrations });
    const publicKeys = config.ASSERTION_PUBLIC_KEYS;
    const events = eventsRoute({ name: 'notifications', db: deps.db, publicKeys, runtime });
    return [database, door, worker, ...deliveries, events];
  },
};

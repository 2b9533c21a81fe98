import { buildSubgraphSchema } from '@apollo/subgraph';
import { createAssertionVerifier } from '@simplebank/chassis/auth';
import { databasePart } from '@simplebank/chassis/database-part';
import { eventsRoute } from '@simplebank/chassis/events-route';
import { beginFallback } from '@simplebank/chassis/fallbacks';
import type { ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { type Door, serveSubgraph } from '@simplebank/chassis/subgraph';
import type { Worker } from '@simplebank/chassis/worker';
import { type Config, loadConfig } from './config.ts';
import { createContext } from './context.ts';
import { type Deps, openDeps } from './deps.ts';
import { migrations } from './generated/migrations.ts';
import { typeDefs } from './generated/type-defs.ts';
import { resolvers } from './resolvers/index.ts';
import { buildWorker } from './worker.ts';

/** The HTTP door and the worker of holdings, ready to be started. */
export type App = { readonly door: Door; readonly worker: Worker; readonly deps: Deps };

export async function buildApp(config: Config, runtime: Runtime): Promise<App> {
  const deps = openDeps(config, runtime);
  beginFallback({ service: 'holdings', dependency: 'assets', kind: 'quantities_only' });
  const door = await serveSubgraph({
    name: 'holdings',
    host: config.HOLDINGS_HOST,
    port: config.HOLDINGS_PORT,
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    assertions: createAssertionVerifier({
      publicKeys: config.ASSERTION_PUBLIC_KEYS,
      audience: 'holdings',
      clock: runtime.clock,
    }),
    contextFor: (story) => createContext(deps, story),
    log: runtime.log,
  });
  return { door, worker: buildWorker(deps, runtime), deps };
}

export const holdings: ProcessDefinition<Config> = {
  name: 'holdings',
  loadConfig,
  async build(config, runtime) {
    const { door, worker, deps } = await buildApp(config, runtime);
    const database = databasePart({ service: 'holdings', db: deps.db, migrations });
    const publicKeys = config.ASSERTION_PUBLIC_KEYS;
    const events = eventsRoute({ name: 'holdings', db: deps.db, publicKeys, runtime });
    return [database, door, worker, events];
  },
};

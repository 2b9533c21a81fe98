import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createAssertionVerifier } from '@simplebank/chassis/auth';
import { databasePart } from '@simplebank/chassis/database-part';
import { eventsRoute } from '@simplebank/chassis/events-route';
import type { ProcessDefinition } from '@simplebank/chassis/process';
import { serveSubgraph } from '@simplebank/chassis/subgraph';
import { type DocumentNode, parse } from 'graphql';
import { type Config, loadConfig } from './config.ts';
import { createContext } from './context.ts';
import { type Deps, openDeps } from './deps.ts';
import { migrations } from './generated/migrations.ts';
import { revokedSessions } from './identity/index.ts';
import { resolvers } from './resolvers.ts';
import { buildWorker } from './worker.ts';

const home = new URL('../', import.meta.url);

/** The schema by hand: `schema.graphql` and, because it is long, the files of `schema/`. */
export function typeDefs(): DocumentNode {
  const parts = readdirSync(new URL('schema/', home)).sort();
  const files = ['schema.graphql', ...parts.map((name) => `schema/${name}`)];
  return parse(files.map((file) => readFileSync(new URL(file, home), 'utf8')).join('\n'));
}

/** Far less than a new key is shown before it signs. */
const keysCacheControl = 'public, max-age=300';

/** Which sessions were ended before their tokens, and which keys the bank stands by. */
async function standing(deps: Deps) {
  const [sessions, { keys }] = await Promise.all([revokedSessions(deps), deps.tokens.publicKeys()]);
  return { sessions, keys: keys.map(({ kid }) => kid) };
}

/** The HTTP door: POST /graphql for gateways, and for all the public keys of access tokens and
 * what of them was taken back before they expired. */
export const buildDoor = (deps: Deps, config: Config) =>
  serveSubgraph({
    name: 'accounts',
    host: config.ACCOUNTS_HOST,
    port: config.ACCOUNTS_PORT,
    schema: buildSubgraphSchema([{ typeDefs: typeDefs(), resolvers }]),
    assertions: createAssertionVerifier({
      publicKeys: config.ASSERTION_PUBLIC_KEYS,
      audience: 'accounts',
      clock: deps.clock,
    }),
    contextFor: (story) => createContext(deps, story),
    log: deps.log,
    routes: (app) => {
      app.get('/.well-known/jwks.json', async (_, reply) =>
        reply.header('cache-control', keysCacheControl).send(await deps.tokens.publicKeys()),
      );
      app.get('/.well-known/revoked-sessions', async (_, reply) =>
        reply.header('cache-control', 'no-store').send(await standing(deps)),
      );
    },
  });

/** Customers, identity, accounts, the cash ledger and payments. */
export const accounts: ProcessDefinition<Config> = {
  name: 'accounts',
  loadConfig,
  async build(config, runtime) {
    const deps = await openDeps(config, runtime);
    const database = databasePart({ service: 'accounts', db: deps.db, migrations });
    const publicKeys = config.ASSERTION_PUBLIC_KEYS;
    const events = eventsRoute({ name: 'accounts', db: deps.db, publicKeys, runtime });
    return [database, await buildDoor(deps, config), buildWorker(deps), events];
  },
};

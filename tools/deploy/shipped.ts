import { databaseOwners, subgraphs } from '../embedded/settings.ts';

/** Where every container serves its operations routes, whatever runs in it. */
export const operationsPort = 9400;

type Tier = 'gateway' | 'subgraph' | 'service' | 'outside';

/** One deployable as it is shipped: an image, a service of the compose file, a Deployment. */
export type Shipped = {
  readonly name: string;
  readonly tier: Tier;
  /** Its door inside the container; null for a worker. */
  readonly port: number | null;
  /** Variables that hold secrets, each process its own and no others. */
  readonly secrets: readonly string[];
  /** Values that are the same in every environment. */
  readonly values: Readonly<Record<string, string>>;
  /** Works on a queue of its own, named after it. */
  readonly consumes: boolean;
  /** Is sent to Kubernetes; who plays outside parties is not. */
  readonly inProduction: boolean;
};

const prefixOf = (name: string): string => name.toUpperCase().replaceAll('-', '_');
const databaseOf = (name: string): string => `${prefixOf(name)}_DATABASE_URL`;

const doors: Readonly<Record<string, number>> = {
  accounts: 4101,
  orders: 4102,
  holdings: 4103,
  assets: 4104,
  strategies: 4105,
  notifications: 4106,
};

const context = (name: string, more: readonly string[] = []): Shipped => ({
  name,
  tier: name === 'notifications' ? 'service' : 'subgraph',
  port: doors[name] ?? null,
  secrets: ['REDIS_URL', databaseOf(name), 'ASSERTION_PUBLIC_KEYS', ...more],
  values: {},
  consumes: true,
  inProduction: true,
});

const subgraphUrls = Object.fromEntries(
  subgraphs.map((name) => [`${prefixOf(name)}_URL`, `http://${name}:${doors[name]}`]),
);

/** Beside its doors a gateway asks the processes that have none. */
const workerUrls = { ROLLUP_OPERATIONS_URLS: `market=http://market:${operationsPort}` };

const gateway = (name: string, port: number): Shipped => ({
  name,
  tier: 'gateway',
  port,
  secrets: ['REDIS_URL', 'ASSERTION_PRIVATE_KEY'],
  values: { ...subgraphUrls, ...workerUrls },
  consumes: false,
  inProduction: true,
});

const outside = { tier: 'outside', consumes: false, inProduction: false, values: {} } as const;

/** Everything that an image is built for and that runs on and on. */
export const shipped: readonly Shipped[] = [
  context('accounts', ['ACCOUNTS_TOKEN_PRIVATE_KEY', 'ACCOUNTS_DATA_KEYS']),
  context('orders'),
  context('holdings'),
  context('assets'),
  context('strategies'),
  context('notifications', ['NOTIFICATIONS_SMTP_URL']),
  {
    name: 'market',
    tier: 'service',
    port: null,
    secrets: ['REDIS_URL', databaseOf('market'), 'ASSERTION_PUBLIC_KEYS', 'MARKET_VENUE_KEY'],
    values: {},
    consumes: true,
    inProduction: true,
  },
  gateway('web', 4001),
  gateway('mobile', 4002),
  gateway('federation', 4000),
  {
    name: 'reconciler',
    tier: 'service',
    port: null,
    secrets: [...subgraphs, 'market'].map(databaseOf),
    values: {},
    consumes: false,
    inProduction: true,
  },
  { name: 'venue', port: 4151, secrets: [databaseOf('venue'), 'VENUE_KEY'], ...outside },
  { name: 'mail-catcher', port: 4126, secrets: [], ...outside },
];

/** Databases beside those of the contexts are made for the queues of a bank without Redis. */
const owners = [...databaseOwners, 'queues'];

/** Runs once before the others, under a lock. */
export const migrate = {
  name: 'migrate',
  secrets: [
    'SIMPLEBANK_ADMIN_DATABASE_URL',
    ...owners.map((name) => `${prefixOf(name)}_DATABASE_PASSWORD`),
  ],
} as const;

/** Loads the demo bank through the doors; never in production. */
export const seed = { name: 'seed', secrets: ['ASSERTION_PRIVATE_KEY'] } as const;

export const shippedOf = (name: string): Shipped => {
  const found = shipped.find((each) => each.name === name);
  if (!found) throw new Error(`${name} is not shipped: name one of ${shipped.map((s) => s.name)}.`);
  return found;
};

import type { BankClient } from '../../../tools/bank/client.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../../tools/distributed/fleet.ts';
import { openDoors } from '../../e2e/whole-bank.ts';
import { startOwnPostgres, startOwnRedis } from './servers.ts';

/** The distributed bank on servers of its own; what a test ends stays ended until it says so. */
export type OutageFleet = {
  readonly fleet: Fleet;
  readonly web: BankClient;
  /** Signed in as operations on the federation gateway. */
  readonly staff: BankClient;
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

/** `copies` and `env` as a fleet's. */
export async function startOutageFleet(
  options: Pick<FleetOptions, 'copies' | 'env'> = {},
): Promise<OutageFleet> {
  const [postgres, redis] = await Promise.all([startOwnPostgres(), startOwnRedis()]);
  const stopServers = () => Promise.all([postgres.close(), redis.close()]);
  try {
    const fleet = await startFleet({
      ...{ adminUrl: postgres.adminUrl, redisUrl: redis.url, ...options },
      env: { ACCOUNTS_SCRYPT_COST: '10', ACCOUNTS_PROVIDER_DELAY_MS: '20', ...options.env },
    });
    const close = () => fleet.close().finally(stopServers) as Promise<void>;
    try {
      const { web, staff } = await openDoors(fleet, fleet.keys);
      const databaseUrls = Object.fromEntries(
        Object.entries(fleet.databases).map(([name, { url }]) => [name, url]),
      );
      return { fleet, web, staff, databaseUrls, close };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    await stopServers();
    throw error;
  }
}

const answerMsMax = 15_000;

type Degraded = { readonly dependency: string; readonly kind: string };
type Told = { readonly code: string; readonly subgraph?: string };
export type Answer = {
  readonly status: number;
  readonly tookMs: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly told: readonly Told[];
  /** What it was answered by instead, where a part did not answer. */
  readonly degraded: readonly Degraded[];
};

/** Asks once, whatever is answered. */
export async function askOnce(
  { url, headers }: BankClient,
  query: string,
  variables: object,
): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(answerMsMax),
  });
  const answer = (await response.json()) as {
    readonly data?: Answer['data'];
    readonly errors?: readonly { readonly extensions: Told }[];
    readonly extensions?: { readonly degraded?: readonly Degraded[] };
  };
  const { data = null, errors = [], extensions: { degraded = [] } = {} } = answer;
  const told = errors.map(({ extensions }) => extensions);
  return { status: response.status, tookMs: performance.now() - startedAt, data, told, degraded };
}

/** JSON of an operations port, whatever its status. */
export async function operationsJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
  return (await response.json()) as T;
}

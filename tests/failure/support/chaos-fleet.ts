import { setTimeout as pause } from 'node:timers/promises';
import type { BankClient } from '../../../tools/bank/client.ts';
import {
  type Fleet,
  type FleetOptions,
  type Instance,
  startFleet,
} from '../../../tools/distributed/fleet.ts';
import { openDoors } from '../../e2e/whole-bank.ts';
import { type OwnPostgres, type OwnRedis, startOwnPostgres, startOwnRedis } from './servers.ts';

/** The distributed bank on servers of its own, with somebody who starts again what has ended. */
export type ChaosFleet = {
  readonly fleet: Fleet;
  readonly postgres: OwnPostgres;
  readonly redis: OwnRedis;
  readonly web: BankClient;
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly keeper: Keeper;
  readonly close: () => Promise<void>;
};

type Keeper = {
  /** Ends a process by SIGKILL; it is started again like any other. */
  readonly kill: (instance: Instance) => Promise<void>;
  /** Processes that ended without having been killed, with their last words. */
  readonly fallen: () => readonly string[];
  /** Nothing is started from now on. */
  readonly stop: () => void;
};

const startAgainAfterMs = 500;

/**
 * Does what a supervisor does: starts a process again a moment after it ended. One that cannot
 * start, because its database is away, is started again and again, which is no fall.
 */
function keepAlive(instances: readonly Instance[]): Keeper {
  const killed = new Set<number>();
  const fallen: string[] = [];
  let keeping = true;
  const keep = async (instance: Instance) => {
    for (let wasReady = true; ; ) {
      const { pid } = instance;
      const { code, signal } = await instance.exited;
      if (!keeping) return;
      if (wasReady && !killed.has(pid)) {
        fallen.push(
          `${instance.name} ended with ${code ?? signal}: ${instance.lastWords().at(-1)}`,
        );
      }
      await pause(startAgainAfterMs);
      if (!keeping) return;
      wasReady = await instance.restart().then(
        () => true,
        () => false,
      );
    }
  };
  for (const instance of instances) void keep(instance);
  return {
    kill: async (instance) => {
      killed.add(instance.pid);
      await instance.kill();
    },
    fallen: () => fallen,
    stop: () => {
      keeping = false;
    },
  };
}

/** `env` and `envOf` as a fleet's. */
export async function startChaosFleet(
  options: Pick<FleetOptions, 'env' | 'envOf' | 'copies' | 'balanced'> = {},
): Promise<ChaosFleet> {
  const [postgres, redis] = await Promise.all([startOwnPostgres(), startOwnRedis()]);
  const stopServers = () => Promise.all([postgres.close(), redis.close()]);
  try {
    const fleet = await startFleet({
      ...{ adminUrl: postgres.adminUrl, redisUrl: redis.url, ...options },
      env: { ACCOUNTS_SCRYPT_COST: '10', ACCOUNTS_PROVIDER_DELAY_MS: '20', ...options.env },
    });
    const keeper = keepAlive(fleet.instances);
    const close = async () => {
      keeper.stop();
      await fleet.close().finally(stopServers);
    };
    try {
      const { web } = await openDoors(fleet, fleet.keys);
      const databaseUrls = Object.fromEntries(
        Object.entries(fleet.databases).map(([name, { url }]) => [name, url]),
      );
      return { ...{ fleet, postgres, redis, web, databaseUrls, keeper, close } };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    await stopServers();
    throw error;
  }
}

/** The most warnings and errors that one process wrote in one second. */
export function worstSecondOf({ fleet }: ChaosFleet): number {
  const counts = new Map<string, number>();
  for (const line of fleet.lines()) {
    const level = Number(line['levelno'] ?? 0);
    if (level < 30) continue;
    const key = `${line['service']} ${String(line['@timestamp']).slice(0, 19)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

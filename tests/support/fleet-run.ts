import type { TestProject } from 'vitest/node';
import { type Fleet, type FleetOptions, startFleet } from '../../tools/distributed/fleet.ts';
import type { Keys } from '../../tools/embedded/keys.ts';
import type { Environment } from '../../tools/embedded/settings.ts';
import { quick } from '../e2e/bank/doors.ts';
import { openFleetControl } from './fleet-control.ts';
import { openTestServer } from './test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    fleet: {
      readonly controlUrl: string;
      readonly urls: Readonly<Record<string, string>>;
      readonly env: Environment;
      readonly keys: Keys;
      readonly databases: Fleet['databases'];
    };
  }
}

function requireRedis(): string {
  const redisUrl = process.env['REDIS_URL'];
  if (redisUrl) return redisUrl;
  throw new Error(
    'REDIS_URL is not set: the distributed bank needs a Redis. Start one (redis-server) and set ' +
      'REDIS_URL=redis://127.0.0.1:6379.',
  );
}

type Wishes = Pick<FleetOptions, 'copies' | 'balanced'>;

async function open(project: TestProject, wishes: Wishes, closers: (() => Promise<void>)[]) {
  const redisUrl = requireRedis();
  const server = await openTestServer();
  closers.push(server.close);
  const startedAt = performance.now();
  const fleet = await startFleet({ adminUrl: server.adminUrl, redisUrl, env: quick, ...wishes });
  closers.push(fleet.close);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${fleet.instances.length} processes are ready after ${seconds} s\n`);
  const control = await openFleetControl(fleet);
  closers.push(control.close);
  const { urls, env, keys, databases } = fleet;
  project.provide('fleet', { controlUrl: control.url, urls, env, keys, databases });
}

/** One fleet for a whole test run, for its global set-up; answers what closes it again. */
export async function openFleetOfRun(project: TestProject, wishes: Wishes = {}) {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    await open(project, wishes, closers);
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

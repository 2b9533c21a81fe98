import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { type Config, loadConfig } from './config.ts';
import { openDeps } from './deps.ts';
import { buildWorker } from './worker.ts';

async function build(config: Config, runtime: Runtime): Promise<readonly Part[]> {
  const deps = openDeps(config, runtime);
  const database: Part = {
    name: 'notifications-database',
    start: async () => {},
    close: () => deps.db.$disconnect(),
    ready: async () => true,
  };
  return [database, buildWorker(deps, runtime)];
}

/** Tells customers what happened, in the application first. */
export const notifications: ProcessDefinition<Config> = {
  name: 'notifications',
  loadConfig,
  build,
};

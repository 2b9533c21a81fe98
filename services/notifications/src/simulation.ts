import type { Runtime } from '@simplebank/chassis/process';
import { createSteps, type Steps } from '@simplebank/chassis/steps';
import type { Config } from './config.ts';
import { openDeps } from './deps.ts';
import { consumers } from './events/consumers.ts';
import { jobs } from './worker.ts';

/** What notifications decides, step by step, for whoever has to say what happens when. */
export async function openSteps(config: Config, runtime: Runtime): Promise<Steps> {
  const deps = openDeps(config, runtime);
  return createSteps({
    ...{ subscriber: 'notifications', deps, jobs: jobs(deps) },
    handlers: consumers(deps),
  });
}

import { z } from 'zod';
import { readConfig } from '../src/process/config.ts';
import type { Logger } from '../src/process/logging.ts';
import { type Part, type ProcessDefinition, runProcess } from '../src/process/process.ts';
import type { EventQueues } from '../src/queues/queue.ts';
import { createMemoryShared } from '../src/shared/shared.ts';

const shape = {
  SAMPLE_GREETING: z.string().min(1),
  SAMPLE_TROUBLE: z.enum(['none', 'start', 'escape', 'empty', 'hang']).default('none'),
};
type Config = ReturnType<typeof readConfig<typeof shape>>;

/** A part that says what happens to it, and misbehaves when told to. */
function part(name: string, log: Logger, trouble: Config['SAMPLE_TROUBLE'] = 'none'): Part {
  let started = false;
  return {
    name,
    async start() {
      if (trouble === 'start') throw new Error(`${name} has nothing to stand on`);
      started = true;
      log.info({}, `${name} started`);
      if (trouble === 'escape') void Promise.reject(new Error(`${name} forgot to catch`));
      if (trouble === 'empty') void Promise.reject();
    },
    async close() {
      started = false;
      if (trouble === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
      log.info({}, `${name} closed`);
    },
    ready: async () => started,
  };
}

const sample: ProcessDefinition<Config> = {
  name: 'sample',
  loadConfig: (env) => readConfig(shape, env),
  build: async ({ SAMPLE_GREETING, SAMPLE_TROUBLE }, { log }) => {
    log.info({}, SAMPLE_GREETING);
    return [part('door', log), part('worker', log, SAMPLE_TROUBLE)];
  },
};

const nowhere: EventQueues = {
  send: async () => {},
  consume: async () => ({ close: async () => {} }),
  close: async () => {},
};

await runProcess(sample, process.env, {
  queues: async () => nowhere,
  shared: async ({ log }) => createMemoryShared({ log }),
});

import { serveJson } from '@simplebank/chassis/json-door';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { type Config, loadConfig } from './config.ts';
import { routesOf } from './doors/routes.ts';
import { openSimulator } from './simulator.ts';

async function build(config: Config, { clock, log }: Runtime): Promise<readonly Part[]> {
  const own = log.child({ service: 'venue', module: 'venue' });
  const simulator = openSimulator(config, { clock, log: own });
  const door = serveJson({
    name: 'venue',
    host: config.VENUE_HOST,
    port: config.VENUE_PORT,
    log,
    routes: routesOf(simulator, config),
  });
  return [...simulator.parts, door];
}

/** The simulated exchange behind HTTP: an outside party that nobody of the bank imports. */
export const venue: ProcessDefinition<Config> = {
  ...{ name: 'venue', loadConfig, build },
  sharesQueues: false,
};

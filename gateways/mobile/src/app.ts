import { readFile } from 'node:fs/promises';
import type { ProcessDefinition } from '@simplebank/chassis/process';
import { wiring } from '@simplebank/gateway-kit/config';
import { buildGateway } from '@simplebank/gateway-kit/gateway';
import { holdings } from '@simplebank/gateway-kit/rest-contract/holdings';
import type { Config } from './config.ts';
import { loadConfig } from './config.ts';

const supergraph = new URL('./generated/supergraph.graphql', import.meta.url);

export const mobile: ProcessDefinition<Config> = {
  name: 'mobile',
  loadConfig,
  build: async (config, { clock, log, shared }) => [
    await buildGateway({
      ...wiring(config, 'mobile'),
      name: 'mobile',
      host: config.MOBILE_HOST,
      port: config.MOBILE_PORT,
      supergraphSdl: await readFile(supergraph, 'utf8'),
      routes: [holdings],
      clock,
      log,
      shared,
    }),
  ],
};

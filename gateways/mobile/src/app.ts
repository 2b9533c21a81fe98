import type { ProcessDefinition } from '@simplebank/chassis/process';
import { wiring } from '@simplebank/gateway-kit/config';
import { buildGateway } from '@simplebank/gateway-kit/gateway';
import { bankFeeds } from '@simplebank/gateway-kit/live/bank-feeds';
import { readManifests } from '@simplebank/gateway-kit/persisted';
import type { Config } from './config.ts';
import { loadConfig } from './config.ts';
import { routes } from './rest/routes.ts';

export { routes } from './rest/routes.ts';

const supergraph = new URL('./generated/supergraph.graphql', import.meta.url);
/** The operations of this release's application; see `operations/`. */
const manifest = new URL('./generated/persisted-operations.json', import.meta.url);

export const mobile: ProcessDefinition<Config> = {
  name: 'mobile',
  loadConfig,
  build: async (config, { clock, log, shared }) => [
    await buildGateway({
      ...wiring(config, 'mobile'),
      name: 'mobile',
      host: config.MOBILE_HOST,
      port: config.MOBILE_PORT,
      persisted: {
        manifest: await readManifests([manifest, ...config.PERSISTED_MANIFESTS]),
        texts: config.MOBILE_ADHOC_OPERATIONS === 'on',
      },
      supergraphSdl: supergraph,
      routes,
      live: { feeds: bankFeeds },
      clock,
      log,
      shared,
    }),
  ],
};

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

export const web: ProcessDefinition<Config> = {
  name: 'web',
  loadConfig,
  build: async (config, { clock, log, shared }) => [
    await buildGateway({
      ...wiring(config, 'web'),
      name: 'web',
      host: config.WEB_HOST,
      port: config.WEB_PORT,
      persisted: { manifest: await readManifests(config.PERSISTED_MANIFESTS), texts: true },
      supergraphSdl: supergraph,
      browser: {
        origins: config.CORS_ORIGINS,
        secureCookies: config.WEB_SECURE_COOKIES === 'on',
      },
      routes,
      live: { feeds: bankFeeds },
      clock,
      log,
      shared,
    }),
  ],
};

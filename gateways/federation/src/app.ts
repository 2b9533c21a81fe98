import type { ProcessDefinition } from '@simplebank/chassis/process';
import { wiring } from '@simplebank/gateway-kit/config';
import { buildGateway } from '@simplebank/gateway-kit/gateway';
import { readManifests } from '@simplebank/gateway-kit/persisted';
import type { Config } from './config.ts';
import { loadConfig } from './config.ts';
import { explorer } from './explorer.ts';

const supergraph = new URL('./generated/supergraph.graphql', import.meta.url);

/** Sandbox and Studio, and the explorers that they embed. */
const studioOrigins = [
  'https://studio.apollographql.com',
  'https://sandbox.embed.apollographql.com',
  'https://explorer.embed.apollographql.com',
];

export const federation: ProcessDefinition<Config> = {
  name: 'federation',
  loadConfig,
  build: async (config, { clock, log, shared }) => [
    await buildGateway({
      ...wiring(config, 'federation'),
      name: 'federation',
      host: config.FEDERATION_HOST,
      port: config.FEDERATION_PORT,
      corsOrigins: [
        ...config.CORS_ORIGINS,
        ...(config.APOLLO_STUDIO === 'on' ? studioOrigins : []),
      ],
      persisted: { manifest: await readManifests(config.PERSISTED_MANIFESTS), texts: true },
      supergraphSdl: supergraph,
      access: {
        anonymousFields: ['signIn', 'refresh', 'signOut'],
        roles: ['support', 'operations'],
      },
      explorer,
      clock,
      log,
      shared,
    }),
  ],
};

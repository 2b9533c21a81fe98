import { readFileSync } from 'node:fs';
import { createAssertionSigner, generateAssertionKeys } from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { buildGateway } from '@simplebank/gateway-kit/gateway';
import { systemClock } from '@simplebank/kernel/clock';
import { subgraphs } from './shop.ts';

type Setting = {
  readonly supergraph: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly keysUrl: string;
  readonly sharesReads: boolean;
};

/** The whole gateway as in production: tokens, limits, rights, cache. Only its log is quiet. */
const setting: Setting = JSON.parse(process.argv[2] ?? '');
const log = createLogger({ service: 'bench', level: 'ERROR' });
const { privateKey } = await generateAssertionKeys();
const door = await buildGateway({
  name: 'bench',
  channel: 'federation',
  host: '127.0.0.1',
  port: 0,
  supergraphSdl: readFileSync(setting.supergraph, 'utf8'),
  subgraphUrls: Object.fromEntries(subgraphs.map((name) => [name, setting.urls[name] ?? ''])),
  assertionSigner: createAssertionSigner({ privateKey, issuer: 'federation' }),
  tokens: {
    jwksUrl: `${setting.keysUrl}/.well-known/jwks.json`,
    revokedUrl: `${setting.keysUrl}/.well-known/revoked-sessions`,
    issuer: 'bench',
    audience: 'bench',
  },
  introspection: false,
  sharesReads: setting.sharesReads,
  // The public question asks for lists inside themselves, which the bank's clients may not.
  nestsLists: true,
  costMax: 1_000_000,
  shared: createMemoryShared({ log }),
  clock: systemClock,
  log,
});
await door.start();
process.send?.(door.url);
process.on('disconnect', () => process.exit(0));

import { readFileSync } from 'node:fs';
import { createAssertionSigner, generateAssertionKeys } from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { buildGateway, type GatewayOptions } from '@simplebank/gateway-kit/gateway';
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
/** Every limit is counted; none but the number of requests at work is met by one caller. */
const unmet = 1_000_000_000_000;
const limits: GatewayOptions['limits'] = {
  trustedProxies: 0,
  budget: { principalPoints: unmet, addressPoints: unmet, criticalPoints: unmet },
  volume: { perSecond: 1_000_000, criticalPerSecond: 1_000_000 },
  concurrentMax: 1_000,
  gate: { inFlightMax: 256, reserved: 64, waitingMax: 512, waitMsMax: 9_000, lagMsMax: 60_000 },
  localShare: 0.5,
};
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
  limits,
  shared: createMemoryShared({ log }),
  clock: systemClock,
  log,
});
await door.start();
process.send?.(door.url);
process.on('disconnect', () => process.exit(0));

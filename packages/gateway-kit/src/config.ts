import type { Channel } from '@simplebank/chassis/auth';
import { createAssertionSigner } from '@simplebank/chassis/auth';
import { count, jsonText, url } from '@simplebank/chassis/config';
import { z } from 'zod';
import type { GatewayOptions } from './gateway.ts';
import { limitShape, limitsIn } from './limits/limit-config.ts';
import { defaultCostMax } from './operations/bounds.ts';

const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  message: 'expected origins such as https://app.example, separated by commas',
});

/** Values separated by commas; none when it is not set. */
const list = <S extends z.ZodType<string, string>>(one: S) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .pipe(z.array(one).max(listMax));
const listMax = 50;

/** `market=http://host:port` and others like it, separated by commas. */
const peers = list(
  z
    .string()
    .refine((text) => /^[a-z-]+=/.test(text) && URL.canParse(text.replace(/^[a-z-]+=/, '')), {
      message: 'expected processes and addresses such as market=http://127.0.0.1:4207',
    }),
).transform((pairs) => Object.fromEntries(pairs.map(peerOf)));
const peerOf = (pair: string) => {
  const cut = pair.indexOf('=');
  return [pair.slice(0, cut), pair.slice(cut + 1)] as const;
};

export const onOff = z.enum(['on', 'off']).default('off');

/** What every gateway reads from the environment; its own host and port come on top. */
export const gatewayShape = {
  ACCOUNTS_URL: url,
  ORDERS_URL: url,
  HOLDINGS_URL: url,
  ASSETS_URL: url,
  STRATEGIES_URL: url,
  NOTIFICATIONS_URL: url,
  /** Operations ports that `/health/rollup` asks, beside the doors of the subgraphs. */
  ROLLUP_OPERATIONS_URLS: peers,
  ASSERTION_PRIVATE_KEY: jsonText, // an Ed25519 key as a JWK
  TOKEN_ISSUER: z.string().min(1).default('simplebank-accounts'),
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off']).optional(), // on, but off in production
  /** On where callers reach the gateway by TLS alone, at a proxy in front of it. */
  GATEWAY_TLS: onOff,
  /** Whose pages may read answers, such as `https://app.example`; nobody's unless named. */
  CORS_ORIGINS: list(origin),
  /** Manifests of released applications, beside the one of this release. */
  PERSISTED_MANIFESTS: list(z.string().min(1)),
  GRAPHQL_COST_MAX: count({ min: 1, max: 1_000_000 }).default(defaultCostMax),
  /** Both of them, or usage is reported to nobody. */
  APOLLO_KEY: z.string().min(1).optional(),
  APOLLO_GRAPH_REF: z.string().min(1).optional(),
  ...limitShape,
  ENVIRONMENT: z.string().max(64).default('development'),
  NODE_ENV: z.string().max(64).optional(),
};

const shape = z.object(gatewayShape);
type GatewayConfig = Readonly<z.infer<typeof shape>>;
type Wiring = Pick<
  GatewayOptions,
  | 'channel'
  | 'subgraphUrls'
  | 'operationsUrls'
  | 'assertionSigner'
  | 'tokens'
  | 'introspection'
  | 'tls'
  | 'costMax'
  | 'limits'
  | 'corsOrigins'
  | 'timings'
  | 'showsPlans'
  | 'reporting'
>;

export const isProduction = ({
  ENVIRONMENT,
  NODE_ENV,
}: Pick<GatewayConfig, 'ENVIRONMENT' | 'NODE_ENV'>): boolean =>
  [ENVIRONMENT, NODE_ENV].includes('production');

/** The options of `buildGateway` that follow from the configuration and the channel alone. */
export function wiring(config: GatewayConfig, channel: Channel): Wiring {
  const production = isProduction(config);
  return {
    channel,
    subgraphUrls: {
      accounts: config.ACCOUNTS_URL,
      orders: config.ORDERS_URL,
      holdings: config.HOLDINGS_URL,
      assets: config.ASSETS_URL,
      strategies: config.STRATEGIES_URL,
      notifications: config.NOTIFICATIONS_URL,
    },
    operationsUrls: config.ROLLUP_OPERATIONS_URLS,
    assertionSigner: createAssertionSigner({
      privateKey: config.ASSERTION_PRIVATE_KEY,
      issuer: channel,
    }),
    tokens: {
      jwksUrl: new URL('/.well-known/jwks.json', config.ACCOUNTS_URL).href,
      revokedUrl: new URL('/.well-known/revoked-sessions', config.ACCOUNTS_URL).href,
      issuer: config.TOKEN_ISSUER,
      audience: `simplebank-${channel}`,
    },
    tls: config.GATEWAY_TLS === 'on',
    costMax: config.GRAPHQL_COST_MAX,
    limits: limitsIn(config),
    corsOrigins: config.CORS_ORIGINS,
    timings: !production,
    showsPlans: !production && channel === 'federation',
    reporting: reportingOf(config),
    introspection: (config.GRAPHQL_INTROSPECTION ?? (production ? 'off' : 'on')) === 'on',
  };
}

const reportingOf = ({ APOLLO_KEY: key, APOLLO_GRAPH_REF: graphRef }: GatewayConfig) =>
  key && graphRef ? { key, graphRef } : undefined;

/**
 * The gateway library reports anonymous data about its host unless this variable says no.
 * It reads it nowhere but in its constructor; an operator who sets it to false is heard.
 */
export function declineTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] ??= 'true';
}

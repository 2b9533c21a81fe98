import type { Channel } from '@simplebank/chassis/auth';
import { createAssertionSigner } from '@simplebank/chassis/auth';
import { jsonText, url } from '@simplebank/chassis/config';
import { z } from 'zod';
import type { GatewayOptions } from './gateway.ts';

/** What every gateway reads from the environment; its own host and port come on top. */
export const gatewayShape = {
  ACCOUNTS_URL: url,
  ORDERS_URL: url,
  HOLDINGS_URL: url,
  ASSETS_URL: url,
  STRATEGIES_URL: url,
  NOTIFICATIONS_URL: url,
  ASSERTION_PRIVATE_KEY: jsonText, // an Ed25519 key as a JWK
  TOKEN_ISSUER: z.string().min(1).default('simplebank-accounts'),
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off']).optional(), // on, but off in production
  /** On where callers reach the gateway by TLS alone, at a proxy in front of it. */
  GATEWAY_TLS: z.enum(['on', 'off']).default('off'),
  ENVIRONMENT: z.string().max(64).default('development'),
  NODE_ENV: z.string().max(64).optional(),
};

const shape = z.object(gatewayShape);
type GatewayConfig = Readonly<z.infer<typeof shape>>;
type Wiring = Pick<
  GatewayOptions,
  'channel' | 'subgraphUrls' | 'assertionSigner' | 'tokens' | 'introspection' | 'tls'
>;

/** The options of `buildGateway` that follow from the configuration and the channel alone. */
export function wiring(config: GatewayConfig, channel: Channel): Wiring {
  const production = [config.ENVIRONMENT, config.NODE_ENV].includes('production');
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
    introspection: (config.GRAPHQL_INTROSPECTION ?? (production ? 'off' : 'on')) === 'on',
  };
}

/**
 * The gateway library reports anonymous data about its host unless this variable says no.
 * It reads it nowhere but in its constructor; an operator who sets it to false is heard.
 */
export function declineTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] ??= 'true';
}

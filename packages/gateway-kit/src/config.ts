import type { Channel } from '@simplebank/chassis/auth';
import { createAssertionSigner } from '@simplebank/chassis/auth';
import { z } from 'zod';
import type { GatewayOptions } from './gateway.ts';

/** What every gateway reads from the environment; its own host and port come on top. */
export const gatewayShape = {
  ACCOUNTS_URL: z.url(),
  ORDERS_URL: z.url(),
  HOLDINGS_URL: z.url(),
  ASSETS_URL: z.url(),
  STRATEGIES_URL: z.url(),
  ASSERTION_PRIVATE_KEY: z.string().min(1), // one JWK as JSON, Ed25519
  TOKEN_ISSUER: z.string().min(1).default('simplebank'),
  /** Empty means: on, except where NODE_ENV is production. */
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off']).optional(),
  NODE_ENV: z.string().optional(),
};

const shape = z.object(gatewayShape);
type GatewayConfig = Readonly<z.infer<typeof shape>>;
type Wiring = Pick<
  GatewayOptions,
  'channel' | 'subgraphUrls' | 'assertionSigner' | 'tokens' | 'introspection'
>;

/** The options of `buildGateway` that follow from the configuration and the channel alone. */
export function wiring(config: GatewayConfig, channel: Channel): Wiring {
  const production = config.NODE_ENV === 'production';
  return {
    channel,
    subgraphUrls: {
      accounts: config.ACCOUNTS_URL,
      orders: config.ORDERS_URL,
      holdings: config.HOLDINGS_URL,
      assets: config.ASSETS_URL,
      strategies: config.STRATEGIES_URL,
    },
    assertionSigner: createAssertionSigner({
      privateKey: config.ASSERTION_PRIVATE_KEY,
      issuer: `simplebank-${channel}`,
    }),
    tokens: {
      jwksUrl: new URL('/.well-known/jwks.json', config.ACCOUNTS_URL).href,
      issuer: config.TOKEN_ISSUER,
      audience: `simplebank-${channel}`,
    },
    introspection: (config.GRAPHQL_INTROSPECTION ?? (production ? 'off' : 'on')) === 'on',
  };
}

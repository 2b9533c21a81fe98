import { ConfigError, defaultHost, host, port, readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape } from '@simplebank/gateway-kit/config';
import { z } from 'zod';

const shape = {
  ...gatewayShape,
  WEB_HOST: host.default(defaultHost),
  WEB_PORT: port.default(4001),
  /** Off for a browser that takes no Secure cookie from http://127.0.0.1; never in production. */
  WEB_SECURE_COOKIES: z.enum(['on', 'off']).default('on'),
};

/** Throws ConfigError with every problem at once. */
export function loadConfig(env: Env) {
  const config = readConfig(shape, env);
  const production = [config.ENVIRONMENT, config.NODE_ENV].includes('production');
  if (production && config.WEB_SECURE_COOKIES === 'off') {
    throw new ConfigError(['WEB_SECURE_COOKIES: expected on in production']);
  }
  return config;
}
export type Config = ReturnType<typeof loadConfig>;

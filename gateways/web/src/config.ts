import { ConfigError, defaultHost, host, port, readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape } from '@simplebank/gateway-kit/config';
import { z } from 'zod';

/** An origin as browsers name it: scheme and host, without a path. */
const origin = z
  .url('expected origins such as https://app.example.com, with commas between')
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'expected origins such as https://app.example.com, with commas between',
  );

const shape = {
  ...gatewayShape,
  WEB_HOST: host.default(defaultHost),
  WEB_PORT: port.default(4001),
  /** Other origins whose pages may use a session; the gateway's own needs no mention. */
  WEB_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((one) => one.trim()))
    .transform((list) => list.filter((one) => one !== ''))
    .pipe(z.array(origin).max(20)),
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

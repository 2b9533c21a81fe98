import { ConfigError, defaultHost, host, port, readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape, isProduction, onOff } from '@simplebank/gateway-kit/config';

const shape = {
  ...gatewayShape,
  MOBILE_HOST: host.default(defaultHost),
  MOBILE_PORT: port.default(4002),
  /** On, texts are answered beside persisted operations, for whoever writes an application. */
  MOBILE_ADHOC_OPERATIONS: onOff,
};

/** Throws ConfigError for texts in production: an application there runs what was reviewed. */
export function loadConfig(env: Env) {
  const config = readConfig(shape, env);
  if (config.MOBILE_ADHOC_OPERATIONS === 'on' && isProduction(config)) {
    throw new ConfigError(['MOBILE_ADHOC_OPERATIONS: in production only persisted operations run']);
  }
  return config;
}
export type Config = ReturnType<typeof loadConfig>;

import { defaultHost, host, port, readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape, onOff } from '@simplebank/gateway-kit/config';

const shape = {
  ...gatewayShape,
  FEDERATION_HOST: host.default(defaultHost),
  FEDERATION_PORT: port.default(4000),
  /** On, the pages of Apollo Sandbox and Studio may ask this gateway from a browser. */
  APOLLO_STUDIO: onOff,
};

export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

import { defaultHost, host, port, readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape } from '@simplebank/gateway-kit/config';

const shape = {
  ...gatewayShape,
  FEDERATION_HOST: host.default(defaultHost),
  FEDERATION_PORT: port.default(4000),
};

export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

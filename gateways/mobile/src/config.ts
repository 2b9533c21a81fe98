import { defaultHost, host, port, readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape } from '@simplebank/gateway-kit/config';

const shape = {
  ...gatewayShape,
  MOBILE_HOST: host.default(defaultHost),
  MOBILE_PORT: port.default(4002),
};

export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

import { defaultHost, host, port, readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape } from '@simplebank/gateway-kit/config';

const shape = {
  ...gatewayShape,
  WEB_HOST: host.default(defaultHost),
  WEB_PORT: port.default(4001),
};

export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

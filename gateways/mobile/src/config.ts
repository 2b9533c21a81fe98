import { readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape } from '@simplebank/gateway-kit/config';
import { z } from 'zod';

const shape = {
  ...gatewayShape,
  MOBILE_HOST: z.string().min(1).default('127.0.0.1'),
  MOBILE_PORT: z.coerce.number().int().min(0).max(65_535).default(4002),
};

export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

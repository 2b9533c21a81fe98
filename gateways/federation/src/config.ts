import { readConfig } from '@simplebank/chassis/config';
import type { Env } from '@simplebank/chassis/process';
import { gatewayShape } from '@simplebank/gateway-kit/config';
import { z } from 'zod';

const shape = {
  ...gatewayShape,
  FEDERATION_HOST: z.string().min(1).default('127.0.0.1'),
  FEDERATION_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
};

export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

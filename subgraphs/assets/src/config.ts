import {
  defaultHost,
  type Env,
  host,
  jsonText,
  port,
  readConfig,
  url,
} from '@simplebank/chassis/config';
import { calendars } from '@simplebank/kernel/market-hours';
import { z } from 'zod';

const shape = {
  ASSETS_DATABASE_URL: url,
  ASSETS_HOST: host.default(defaultHost),
  ASSETS_PORT: port.default(4104),
  ASSERTION_PUBLIC_KEYS: jsonText,
  MARKET_CALENDAR: z.enum(calendars).default('nyse'),
};

/** Throws ConfigError with every problem at once. */
export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

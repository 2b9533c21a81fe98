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
  HOLDINGS_DATABASE_URL: url,
  HOLDINGS_HOST: host.default(defaultHost),
  HOLDINGS_PORT: port.default(4103),
  ASSERTION_PUBLIC_KEYS: jsonText,
  MARKET_CALENDAR: z.enum(calendars).default('nyse'),
};

/** Throws ConfigError with every problem at once. */
export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

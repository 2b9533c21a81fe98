import {
  count,
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

const poolDefault = 10;

const shape = {
  ORDERS_DATABASE_URL: url,
  /** Connections to the database, the relay's included. */
  ORDERS_DATABASE_POOL_MAX: count({ min: 2, max: 100 }).default(poolDefault),
  ORDERS_HOST: host.default(defaultHost),
  ORDERS_PORT: port.default(4102),
  ASSERTION_PUBLIC_KEYS: jsonText,
  MARKET_CALENDAR: z.enum(calendars).default('nyse'),
};

/** Throws ConfigError with every problem at once. */
export const loadConfig = (env: Env) => readConfig(shape, env);
export type Config = ReturnType<typeof loadConfig>;

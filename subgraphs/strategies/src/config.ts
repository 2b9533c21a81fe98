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

const paymentWaitMsMax = 5_000;

const shape = {
  STRATEGIES_HOST: host.default(defaultHost),
  STRATEGIES_PORT: port.default(4105),
  STRATEGIES_DATABASE_URL: url,
  ASSERTION_PUBLIC_KEYS: jsonText,
  MARKET_CALENDAR: z.enum(calendars).default('nyse'),
  /** How long an investment waits for news of a payment that was made a moment ago. */
  STRATEGIES_PAYMENT_WAIT_MS: count({ min: 0, max: paymentWaitMsMax }).default(1_500),
};

export type Config = ReturnType<typeof loadConfig>;

/** Throws ConfigError with every problem at once. */
export const loadConfig = (env: Env) => readConfig(shape, env);
